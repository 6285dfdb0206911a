namespace Pressure.LoadGen;

/// <summary>
/// Until when an engine may send: whoever lets it renews this. When it has run out nothing new is sent, whatever else the process was doing meanwhile (even if it was frozen and
/// wakes up): lanes look at it before each start. Thread-safe.
/// </summary>
public sealed class LoadLease
{
    private long _until;

    /// <summary>A lease until an offset on the run's clock.</summary>
    public LoadLease(TimeSpan until) => _until = until.Ticks;

    /// <summary>Never runs out.</summary>
    public static LoadLease Endless { get; } = new(TimeSpan.MaxValue);

    /// <summary>The end, as an offset on the run's clock.</summary>
    public TimeSpan Until => TimeSpan.FromTicks(Volatile.Read(ref _until));

    /// <summary>Whether it has run out.</summary>
    public bool IsOver(TimeSpan now) => now >= Until;

    /// <summary>Lets it go on until then; never shortens it.</summary>
    public void Renew(TimeSpan until)
    {
        long seen;
        while ((seen = Volatile.Read(ref _until)) < until.Ticks && Interlocked.CompareExchange(ref _until, until.Ticks, seen) != seen)
        {
            // Somebody else renewed it meanwhile.
        }
    }
}
