using Dapper;
using Pressure.Faults;

namespace Pressure.Web.State;

/// <summary>
/// Keeps the global stop of this machine and that of all nodes the same. Whichever has changed since both last agreed is what holds; at the first look a stop
/// anywhere is a stop everywhere. One caller at a time.
/// </summary>
internal sealed class SharedHalt(ServiceDatabase database, string stateFolder)
{
    private readonly GlobalStop _own = new(stateFolder);
    private bool? _agreed;

    /// <exception cref="DatabaseAwayException">The database can't be used now.</exception>
    /// <exception cref="IOException">The state folder can't be written.</exception>
    public async Task AgreeAsync(CancellationToken stop)
    {
        var own = _own.Read();
        var all = await database.DoAsync(
            async connection =>
            {
                await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('halt', 3))");
                var there = await connection.QuerySingleOrDefaultAsync<(string Who, DateTime At, string Why)?>("SELECT who, at, why FROM halt");
                var halt = there is { } row ? new Halt(row.Who, new(row.At), row.Why) : null;
                var mineChanged = _agreed is { } before ? own is not null != before : own is not null;
                if (!mineChanged || own is null == halt is null)
                    return halt;
                if (own is null)
                    await connection.ExecuteAsync("DELETE FROM halt");
                else
                    await connection.ExecuteAsync("INSERT INTO halt (id, who, at, why) VALUES (1, @By, @at, @Why)", new { own.By, at = own.At.UtcDateTime, own.Why });
                return own;
            },
            stop);
        if (all is not null)
            _own.Set(all);
        else if (own is not null)
            _own.Lift();
        _agreed = all is not null;
    }
}
