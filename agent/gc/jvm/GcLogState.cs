using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What the readers of both forms of log share: the collector's name as far as it is known, and who takes the events.</summary>
internal sealed class GcLogState(Action<LoggedGc> take)
{
    private bool _isSure;

    public string Collector { get; private set; } = Collectors.Unknown;

    public Reasons Reasons { get; } = new();

    /// <summary>Pauses of a kind we do not know, and records that could not be read.</summary>
    public long Unknown { get; private set; }

    /// <summary>The JVM itself said so.</summary>
    public void LearnForSure(string collector) => (Collector, _isSure) = (collector, true);

    /// <summary>A line that only this collector writes.</summary>
    public void Learn(string collector)
    {
        if (!_isSure)
            Collector = collector;
    }

    public void CountUnknown() => Unknown++;

    public void Take(GcKind kind, string reason, LogTime begin, TimeSpan pause, TimeSpan duration, long? number, HeapUse heap) =>
        take(new LoggedGc(kind, Collector, reason, begin, pause, duration, number, heap));
}
