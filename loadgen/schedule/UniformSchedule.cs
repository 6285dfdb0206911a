namespace Pressure.LoadGen;

/// <summary>Starts evenly spread: start k where N(t) = k.</summary>
internal sealed class UniformSchedule : Schedule
{
    private readonly RateProfile _profile;
    private readonly Int128 _first;

    public UniformSchedule(RateProfile profile)
        : this(profile, profile.StartsAtOnce ? 0 : profile.Unit)
    {
    }

    /// <summary>The first start comes when this much of one (0 to 1) has been asked for.</summary>
    public UniformSchedule(RateProfile profile, Fraction lead)
        : this(profile, (Int128)(lead * new Fraction(profile.Unit, 1)).Round())
    {
    }

    private UniformSchedule(RateProfile profile, Int128 first)
    {
        (_profile, _first) = (profile, first);
        // Half-open: a start that falls on the very end is none, unless the level had been reached before a closing pause.
        var last = profile.EndsOnPlateau ? profile.Total : profile.Total - 1;
        Count = profile.Total == 0 || last < first ? 0 : (long)((last - first) / profile.Unit) + 1;
    }

    public override long Count { get; }

    public override TimeSpan Duration => _profile.Duration;

    public override TimeSpan IntendedStart(long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
        return _profile.TimeOf(_first + (n * _profile.Unit));
    }

    /// <summary>What is missing to start <paramref name="n"/> at a time, in starts: what has to be asked for until then. Exact.</summary>
    public Fraction MissingTo(long n, TimeSpan at) =>
        (new Fraction(_first + ((Int128)n * _profile.Unit), 1) - _profile.LevelAt(at)) / new Fraction(_profile.Unit, 1);
}
