namespace Pressure.Faults;

/// <summary>
/// What was heard lately. Events of the same moment come in any order, so a stream that is asked for anew goes back a little, and what is
/// told again is left out.
/// </summary>
/// <param name="since">From when on anything counts: nanoseconds since 1970.</param>
internal sealed class HeardEvents(long since)
{
    private const long Overlap = 2_000_000_000;
    private const int Many = 1_000;
    private readonly HashSet<(long TimeNano, string Id, string Action)> _lately = [];
    private long _latest;

    /// <summary>From when on it is asked for anew: nanoseconds since 1970.</summary>
    public long Until => Math.Max(since, _latest - Overlap);

    /// <summary>Whether it was not heard before; from now on it was.</summary>
    public bool IsNew(EngineEvent.Changed told)
    {
        if (told.TimeNano < Until || !_lately.Add((told.TimeNano, told.Id, told.Action)))
            return false;
        _latest = Math.Max(_latest, told.TimeNano);
        if (_lately.Count > Many)
            _lately.RemoveWhere(h => h.TimeNano < Until);
        return true;
    }
}
