using Pressure.Faults;

namespace Pressure.Bench.Docker;

/// <summary>How far the moments that faults are recorded with are from those of the engine's own events.</summary>
internal static class Moments
{
    public static async Task PrintAsync(StrikingGround ground, string kind, int times)
    {
        var events = new ContainerEvents(ground.Api, TimeProvider.System);
        List<double> on = [], off = [];
        await using var container = await ground.ContainerAsync();
        var fault = ground.Fault(kind);
        for (var i = 0; i < times; i++)
        {
            var intent = await ground.IntendAsync(kind, container);
            await fault.ApplyAsync(intent, CancellationToken.None);
            var applied = TimeProvider.System.GetUtcNow();
            await fault.UndoAsync(intent, CancellationToken.None);
            var undone = TimeProvider.System.GetUtcNow();
            var told = await events.SinceAsync(container.Id, intent.JournaledAt, CancellationToken.None);
            on.Add((applied - told.First(t => t.Action is "die" or "pause").At).TotalMilliseconds);
            off.Add((undone - told.First(t => t.Action is "start" or "unpause").At).TotalMilliseconds);
        }
        Console.WriteLine($"{kind,-18} {times} times: fault on {Figures(on)}; fault off {Figures(off)} after the engine's event");
    }

    private static string Figures(List<double> values)
    {
        values.Sort();
        return $"p50 {values[values.Count / 2]:0} ms, p99 {values[Math.Min(values.Count - 1, values.Count * 99 / 100)]:0} ms, max {values[^1]:0} ms";
    }
}
