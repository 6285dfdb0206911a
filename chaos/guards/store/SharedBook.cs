using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using Npgsql;

namespace Pressure.Chaos;

/// <summary>
/// The guards' book of several nodes, in their PostgreSQL database: one transaction after the other over all of them, so that a budget holds for the
/// whole service. The tables are made by whoever made the database.
/// </summary>
/// <param name="source">The database.</param>
/// <param name="clock">The book's time.</param>
internal sealed class SharedBook(NpgsqlDataSource source, SharedBookClock clock) : IBookStore
{
    /// <summary>Any number; whoever has it writes the book.</summary>
    private const long Key = 0x6775617264;

    // Whoever waits for the book in this process waits here: waiting in the database, they would hold the connections that the audit log needs.
    private readonly SemaphoreSlim _one = new(1);

    public BookMoment Now(DbConnection book) => clock.Now(book);

    public Task<T> DoAsync<T>(Func<DbConnection, Task<T>> what, CancellationToken stop) => InOrderAsync(what, keep: true, stop);

    public Task<T> LookAsync<T>(Func<DbConnection, T> what, CancellationToken stop) => InOrderAsync(book => Task.FromResult(what(book)), keep: false, stop);

    /// <summary>The database is whoever's who opened it.</summary>
    public void Dispose() => _one.Dispose();

    private async Task<T> InOrderAsync<T>(Func<DbConnection, Task<T>> what, bool keep, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await connection.ExecuteAsync(new CommandDefinition("SET LOCAL lock_timeout = '20s'; SELECT pg_advisory_xact_lock(@Key)", new { Key }, cancellationToken: stop));
            var result = await what(connection);
            if (keep)
                await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SocketException or ObjectDisposedException)
        {
            throw new GuardBookException($"The guards' book in the nodes' database can't be used: {e.Message.TrimEnd('.')}. Nothing is struck without it: start the database, or give access.", e);
        }
        finally
        {
            _one.Release();
        }
    }
}
