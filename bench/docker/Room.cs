using System.Diagnostics;

namespace Pressure.Bench.Docker;

/// <summary>How long it takes to strike a whole room side by side, and to give it back.</summary>
internal static class Room
{
    public static async Task PrintAsync(StrikingGround ground, string kind, int size)
    {
        var containers = await Task.WhenAll(Enumerable.Range(0, size).Select(_ => ground.ContainerAsync()));
        var intents = await Task.WhenAll(containers.Select(c => ground.IntendAsync(kind, c)));
        // What was journaled within a second may still be on its way, and an undoing would wait for that.
        await Task.Delay(TimeSpan.FromSeconds(1));
        var fault = ground.Fault(kind);

        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(intents.Select(i => fault.ApplyAsync(i, CancellationToken.None)));
        var struck = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        await Task.WhenAll(intents.Select(i => fault.UndoAsync(i, CancellationToken.None)));
        Console.WriteLine($"{kind,-18} {size} at once: struck in {struck.TotalSeconds:0.0} s, undone in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await Task.WhenAll(containers.Select(c => c.DisposeAsync().AsTask()));
    }
}
