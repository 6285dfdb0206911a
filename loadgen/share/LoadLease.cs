namespace Pressure.LoadGen;

/// <summary>
/// Until when an engine may send: whoever lets it renews this. When it has run out nothing new is sent, whatever else the process was doing meanwhile (even if it was frozen and
/// wakes up): lanes look at it before each start. Thread-safe.
/// </summary>
/// <remarks>
/// Once it has run out it stays so: were it renewed just then, one lane would go on and the other not, and nobody could say up to when the share was made.
/// </remarks>
public sealed class LoadLease
{
    private readonly Lock _gate = new();
    private long _until;
    private bool _isOver;

    /// <summary>A lease until an offset on the run's clock.</summary>
    public LoadLease(TimeSpan until) => _until = until.Ticks;

    /// <summary>Never runs out.</summary>
    public static LoadLease Endless { get; } = new(TimeSpan.MaxValue);

    /// <summary>The end, as an offset on the run's clock.</summary>
    public TimeSpan Until => TimeSpan.FromTicks(Volatile.Read(ref _until));

    /// <summary>Whether it has run out. Costs a comparison while it has not.</summary>
    public bool IsOver(TimeSpan now) => now.Ticks >= Volatile.Read(ref _until) && End(now);

    /// <summary>Lets it go on until then; never shortens it. False when it has run out: then it is over for good.</summary>
    /// <param name="until">An offset on the run's clock.</param>
    /// <param name="now">The offset now: whoever was frozen may hear of a renewal before any lane has looked.</param>
    public bool Renew(TimeSpan until, TimeSpan now)
    {
        lock (_gate)
        {
            _isOver |= now.Ticks >= _until;
            if (until.Ticks > _until && !_isOver)
                Volatile.Write(ref _until, until.Ticks);
            return !_isOver;
        }
    }

    // It may have been renewed since the lane looked.
    private bool End(TimeSpan now)
    {
        lock (_gate)
            return _isOver |= now.Ticks >= _until;
    }
}
