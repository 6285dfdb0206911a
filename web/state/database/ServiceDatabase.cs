using System.Net.Sockets;
using Dapper;
using Npgsql;

namespace Pressure.Web.State;

/// <summary>
/// The database that the nodes of a service share. Every use is one transaction; while the database is away a use fails within seconds, with words for
/// people, and the next one tries again. Thread-safe.
/// </summary>
public sealed class ServiceDatabase : IAsyncDisposable
{
    internal const string Schema = "pressure";

    private readonly NpgsqlDataSource _source;
    private readonly string _place;
    private volatile string? _away;

    private ServiceDatabase(NpgsqlDataSource source, string place) => (_source, _place) = (source, place);

    /// <summary>Why it could not be used when that was tried last; null if it could.</summary>
    public string? Away => _away;

    /// <summary>Where it is, for people.</summary>
    public string Place => _place;

    internal NpgsqlDataSource Source => _source;

    /// <summary>Connects, and brings the tables to what this version needs.</summary>
    /// <exception cref="IOException">It does not answer, refuses us, or a later version has its tables; the message says it for people.</exception>
    public static async Task<ServiceDatabase> OpenAsync(DatabaseAddress address, CancellationToken stop)
    {
        var database = new ServiceDatabase(NpgsqlDataSource.Create(address.Connection), address.Place);
        try
        {
            await using var connection = await database._source.OpenConnectionAsync(stop);
            await Migrations.ApplyAsync(connection, address.Place, stop);
            return database;
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            await database.DisposeAsync();
            throw new IOException($"The database {address.Place} can't be used: {Said(e)}. {Remedy(e)}", e);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does something as one transaction: all of it, or, when it throws, nothing.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task<T> DoAsync<T>(Func<NpgsqlConnection, Task<T>> what, CancellationToken stop = default)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            var result = await what(connection);
            await transaction.CommitAsync(stop);
            _away = null;
            return result;
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            throw Gone(e);
        }
    }

    /// <summary>The same for callers that can't wait otherwise.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public T Do<T>(Func<NpgsqlConnection, T> what)
    {
        try
        {
            using var connection = _source.OpenConnection();
            using var transaction = connection.BeginTransaction();
            var result = what(connection);
            transaction.Commit();
            _away = null;
            return result;
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            throw Gone(e);
        }
    }

    /// <summary>Keeps the other nodes out of one thing until disposed of, or until this process dies.</summary>
    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    public async Task<IAsyncDisposable> AloneAsync(string what, CancellationToken stop = default)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await _source.OpenConnectionAsync(stop);
            await connection.ExecuteAsync("SET lock_timeout = '120s'; SELECT pg_advisory_lock(hashtextextended(@what, 7))", new { what }, commandTimeout: 130);
            return new Held(connection, what);
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            if (connection is not null)
                await connection.DisposeAsync();
            throw Gone(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private DatabaseAwayException Gone(Exception e)
    {
        _away = Said(e);
        return new($"The database {_place} can't be used: {_away}. What all nodes must agree on can't change until it is back.", e);
    }

    internal static bool IsOfDatabase(Exception e) => e is NpgsqlException or TimeoutException or SocketException or ObjectDisposedException { ObjectName: "NpgsqlDataSource" };

    private static string Said(Exception e) => (e is PostgresException server ? server.MessageText : e.InnerException is SocketException socket ? socket.Message : e.Message).TrimEnd('.');

    private static string Remedy(Exception e) => e is PostgresException { SqlState: "28P01" or "28000" }
        ? $"Give the right user and password (the variable {DatabaseAddress.PasswordVariable}, or --database-password-file)."
        : e is PostgresException { SqlState: "3D000" } ? "Make it: createdb." : e is PostgresException { SqlState: "42501" } ? "Let this user make a schema there: GRANT CREATE ON DATABASE."
        : "Start it, or correct --database.";

    private sealed class Held(NpgsqlConnection connection, string what) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.ExecuteAsync("SELECT pg_advisory_unlock(hashtextextended(@what, 7)); RESET lock_timeout", new { what });
            }
            catch (Exception e) when (IsOfDatabase(e))
            {
                // With the connection the lock is gone too.
            }
            await connection.DisposeAsync();
        }
    }
}
