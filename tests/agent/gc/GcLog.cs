using System.Collections.Concurrent;

namespace Pressure.Agent.Tests;

/// <summary>Keeps what listeners tell.</summary>
internal sealed class GcLog : IGcSink
{
    public ConcurrentQueue<(DateTimeOffset At, GcEvent What)> All { get; } = [];

    public ConcurrentQueue<string> Told { get; } = [];

    public IReadOnlyList<GcEvent> Collections => [.. All.Select(a => a.What).OrderBy(c => c.Number)];

    public void Take(DateTimeOffset at, GcEvent collection) => All.Enqueue((at, collection));

    public void Tell(string what) => Told.Enqueue(what);
}
