namespace Pressure.LoadGen;

/// <summary>Starts evenly spread: start k where N(t) = k.</summary>
internal sealed class UniformSchedule : Schedule
{
    private readonly RateProfile _profile;
    private readonly int _first;

    public UniformSchedule(RateProfile profile)
    {
        _profile = profile;
        _first = profile.StartsAtOnce ? 0 : 1;
        // Half-open: a start that falls on the very end is none, unless the level had been reached before a closing pause.
        var last = profile.EndsOnPlateau ? profile.Total / profile.Unit : (profile.Total - 1) / profile.Unit;
        Count = profile.Total == 0 ? 0 : (long)last - _first + 1;
    }

    public override long Count { get; }

    public override TimeSpan Duration => _profile.Duration;

    public override TimeSpan IntendedStart(long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
        return _profile.TimeOf((n + _first) * _profile.Unit);
    }
}
