using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pressure.Chaos;

/// <summary>The file that the guards' book is kept in. Every use is one transaction that nobody else writes beside, in this process or another.</summary>
internal sealed class BookDatabase : IBookStore
{
    private const int Version = 1;

    private const string Schema = """
        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), book INTEGER NOT NULL, wall INTEGER NOT NULL, monotonic INTEGER NOT NULL, boot TEXT NOT NULL);
        CREATE TABLE deed (id TEXT PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, experiment TEXT NOT NULL, run TEXT NOT NULL, asked_by TEXT NOT NULL, strikes INTEGER NOT NULL);
        CREATE INDEX deed_at ON deed (at);
        CREATE TABLE strike (deed TEXT NOT NULL, at INTEGER NOT NULL, target TEXT NOT NULL, family TEXT NOT NULL, until INTEGER NOT NULL);
        CREATE INDEX strike_deed ON strike (deed);
        CREATE INDEX strike_family ON strike (family, at);
        CREATE TABLE circuit (budget TEXT PRIMARY KEY, opened INTEGER NOT NULL, wall TEXT NOT NULL, why TEXT NOT NULL);
        CREATE TABLE approval (id TEXT PRIMARY KEY, experiment TEXT NOT NULL, hash TEXT NOT NULL, asked_by TEXT NOT NULL, asked INTEGER NOT NULL, asked_wall TEXT NOT NULL,
            note TEXT NOT NULL, state TEXT NOT NULL, decided_by TEXT, decided_wall TEXT, expires INTEGER NOT NULL, expires_wall TEXT NOT NULL, uses INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE approval_use (approval TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (approval, run));
        PRAGMA user_version = 1;
        """;

    private readonly SemaphoreSlim _one = new(1);
    private readonly SqliteConnection _connection;

    private readonly BookClock _clock;

    private BookDatabase(SqliteConnection connection, BookClock clock) => (_connection, _clock) = (connection, clock);

    /// <summary>Opens it, or begins a new one.</summary>
    /// <exception cref="GuardBookException">It can't be, or a later version wrote it.</exception>
    public static BookDatabase Open(string file, BookClock clock)
    {
        SystemSqlite.Use();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            // Waiting is SQLite's own business (the client library would look again every 150 ms); a permit that was given is on the disk.
            connection.Execute("PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            Prepare(connection, file);
            return new(connection, clock);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Unusable(file, e);
        }
        catch (GuardBookException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Does something as one transaction: what it changed stays when it returns, and nothing of it when it throws.</summary>
    /// <exception cref="GuardBookException">The file can't be read or written.</exception>
    public async Task<T> DoAsync<T>(Func<DbConnection, Task<T>> what, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            using var transaction = new Transaction(_connection);
            var result = await what(_connection);
            transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            throw Unusable(_connection.DataSource, e);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What something would give: nothing of what it changes stays.</summary>
    /// <exception cref="GuardBookException">The file can't be read.</exception>
    public async Task<T> LookAsync<T>(Func<DbConnection, T> what, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            using var transaction = new Transaction(_connection);
            return what(_connection);
        }
        catch (SqliteException e)
        {
            throw Unusable(_connection.DataSource, e);
        }
        finally
        {
            _one.Release();
        }
    }

    public BookMoment Now(DbConnection book) => _clock.Now(book);

    public void Dispose()
    {
        _connection.Dispose();
        _one.Dispose();
    }

    private static void Prepare(SqliteConnection connection, string file)
    {
        using var transaction = new Transaction(connection);
        var found = connection.ExecuteScalar<long>("PRAGMA user_version");
        if (found > Version)
            throw new GuardBookException($"{file} was written by a later version (its format is {found}, this one knows {Version}). Use that version, or another state folder.");
        if (found == 0)
            connection.Execute(Schema);
        transaction.Commit();
    }

    private static GuardBookException Unusable(string file, SqliteException e) =>
        new($"The guards' book {file} can't be used: {e.Message} Nothing is struck without it: free space or give access; if the file is damaged, move it away and set the limits again.", e);

    /// <summary>One that nobody else writes beside. The client library's own can't be ended once SQLite has rolled it back itself, as it does where the disk is full.</summary>
    private sealed class Transaction : IDisposable
    {
        private readonly SqliteConnection _connection;
        private bool _committed;

        public Transaction(SqliteConnection connection)
        {
            _connection = connection;
            connection.Execute("BEGIN IMMEDIATE");
        }

        public void Commit()
        {
            _connection.Execute("COMMIT");
            _committed = true;
        }

        public void Dispose()
        {
            if (_committed)
                return;
            try
            {
                _connection.Execute("ROLLBACK");
            }
            catch (SqliteException)
            {
                // It was rolled back already.
            }
        }
    }
}
