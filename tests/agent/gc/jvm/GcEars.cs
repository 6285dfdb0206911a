using System.Collections.Concurrent;

namespace Pressure.Agent.Tests;

/// <summary>Keeps what a listener tells.</summary>
internal sealed class GcEars : IGcSink
{
    public ConcurrentQueue<(DateTimeOffset At, GcEvent Event)> Heard { get; } = new();

    public ConcurrentQueue<string> Told { get; } = new();

    public TimeSpan Paused => Heard.Aggregate(TimeSpan.Zero, (sum, h) => sum + h.Event.Pause);

    public int Pauses => Heard.Count(h => h.Event.Pause > TimeSpan.Zero);

    public void Take(DateTimeOffset at, GcEvent collection) => Heard.Enqueue((at, collection));

    public void Tell(string what) => Told.Enqueue(what);

    /// <summary>Waits on a condition, as long as a busy machine may need.</summary>
    public static async Task Until(Func<bool> condition)
    {
        for (var n = 0; n < 6000 && !condition(); n++)
            await Task.Delay(20);
        Assert.True(condition(), "It did not come to that within two minutes.");
    }
}
