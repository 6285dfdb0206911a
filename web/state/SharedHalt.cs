using Dapper;
using Npgsql;
using Pressure.Faults;

namespace Pressure.Web.State;

/// <summary>
/// Keeps the global stop of this machine and that of all nodes the same. Whichever has changed since both last agreed is what holds; where one was lifted and the other
/// set, or set again, the stop holds. At the first look a stop anywhere is a stop everywhere. One caller at a time.
/// </summary>
internal sealed class SharedHalt(ServiceDatabase database, string stateFolder)
{
    private readonly GlobalStop _own = new(stateFolder);
    private bool _hasAgreed;
    private Halt? _agreedHere;
    private Halt? _agreedThere;

    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    /// <exception cref="IOException">The state folder can't be written.</exception>
    public async Task AgreeAsync(CancellationToken stop)
    {
        var here = _own.Read();
        var there = await database.DoAsync(connection => AgreeAsync(connection, here), stop);
        if (there is not null && here is null)
            _own.Set(there);
        // Not one that was set again meanwhile: that is news, and is told next time.
        else if (there is null && here is not null && _own.Read() == here)
            _own.Lift();
        (_hasAgreed, _agreedHere, _agreedThere) = (true, there is null ? null : here ?? there, there);
    }

    private async Task<Halt?> AgreeAsync(NpgsqlConnection connection, Halt? here)
    {
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('halt', 3))");
        var there = await ReadAsync(connection);
        // At the first look nobody has set it again.
        if (here == _agreedHere || (!_hasAgreed && there is not null))
            return there;
        if (here is not null)
        {
            // Set again it gets another time, by which whoever is about to lift the one before sees that this is another.
            await connection.ExecuteAsync(
                "INSERT INTO halt (id, who, at, why) VALUES (1, @By, @at, @Why) ON CONFLICT (id) DO UPDATE SET at = GREATEST(@at, halt.at + interval '1 microsecond')",
                new { here.By, at = (here.Again ?? here.At).UtcDateTime, here.Why });
        }
        else if (there == _agreedThere)
            await connection.ExecuteAsync("DELETE FROM halt");
        return await ReadAsync(connection);
    }

    private static async Task<Halt?> ReadAsync(NpgsqlConnection connection) =>
        await connection.QuerySingleOrDefaultAsync<(string Who, DateTime At, string Why)?>("SELECT who, at, why FROM halt") is { } row ? new Halt(row.Who, new(row.At), row.Why) : null;
}
