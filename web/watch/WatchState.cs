namespace Pressure.Web.Watch;

/// <summary>What one look at the service found. A closed set.</summary>
internal abstract record WatchFinding
{
    private WatchFinding()
    {
    }

    /// <summary>It says that it is well.</summary>
    public sealed record Well : WatchFinding;

    /// <summary>It says itself that something is failing.</summary>
    public sealed record Unhealthy(string Detail) : WatchFinding;

    /// <summary>It does not answer.</summary>
    public sealed record Silent(string Detail) : WatchFinding;

    /// <summary>Its process has ended without a goodbye.</summary>
    public sealed record Died : WatchFinding;
}

/// <summary>What people are told. <see cref="Event"/> is <c>died</c>, <c>silent</c>, <c>unhealthy</c> or <c>recovered</c>.</summary>
internal sealed record WatchNotice(string Event, DateTimeOffset Since, string Detail);

/// <summary>When to tell: once something has been wrong for so many looks in a row, at once for a death, and once more when all is well again. Pure.</summary>
internal sealed class WatchState(int failures)
{
    private int _inARow;
    private DateTimeOffset _since;
    private bool _told;

    /// <summary>What is to be told now, if anything.</summary>
    public WatchNotice? After(WatchFinding finding, DateTimeOffset at)
    {
        if (finding is WatchFinding.Well)
        {
            var recovered = _told ? new WatchNotice("recovered", _since, "") : null;
            (_inARow, _told) = (0, false);
            return recovered;
        }
        if (_inARow++ == 0)
            _since = at;
        if (finding is WatchFinding.Died)
            return new WatchNotice("died", at, "");
        if (_told || _inARow < failures)
            return null;
        _told = true;
        return finding switch
        {
            WatchFinding.Unhealthy unhealthy => new WatchNotice("unhealthy", _since, unhealthy.Detail),
            WatchFinding.Silent silent => new WatchNotice("silent", _since, silent.Detail),
            _ => null,
        };
    }
}
