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

    /// <summary>Waits on a condition, as long as a busy machine may need; that it was met once is enough.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="found">What there is instead, for the message.</param>
    public static async Task Until(Func<bool> condition, Func<string>? found = null)
    {
        for (var n = 0; n < 6000; n++)
        {
            if (condition())
                return;
            await Task.Delay(20);
        }

        Assert.Fail($"It did not come to that within two minutes. {found?.Invoke()}");
    }

    /// <summary>What was told, how often each kind was heard, and each one: for messages.</summary>
    public override string ToString()
    {
        var kinds = Heard.GroupBy(h => h.Event.Kind).OrderBy(k => k.Key).Select(k => $"{k.Count()} {k.Key}");
        var each = Heard.Select(h => $"{h.At:HH:mm:ss.fff} GC({h.Event.Number}) {h.Event.Kind} '{h.Event.Reason}' {h.Event.Pause.TotalMilliseconds}ms");
        return $"Told: {string.Join(" | ", Told)}\nHeard: {string.Join(", ", kinds)}\n{string.Join('\n', each)}";
    }
}
