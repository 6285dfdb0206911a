using System.Collections.Concurrent;

namespace Pressure.Chaos.Tests.Probes;

/// <summary>Keeps what it is told.</summary>
internal sealed class TakenTimeline(RunClock clock) : IChaosTimeline
{
    private readonly ConcurrentQueue<TimelineEvent> _told = new();

    public RunClock Clock => clock;

    public string? Folder => null;

    public IReadOnlyList<TimelineEvent> Told => [.. _told];

    public void Tell(TimelineEvent what) => _told.Enqueue(what);
}
