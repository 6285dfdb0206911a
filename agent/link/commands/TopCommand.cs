using System.Text.Json;

namespace Pressure.Agent;

/// <summary>
/// <c>top {seconds, interval}</c>: the busiest processes over some seconds, the busiest first. Cancelled, it tells what it has seen by then.
/// </summary>
internal sealed class TopCommand(TimeProvider time, string proc = "/proc") : IAgentCommand
{
    private const int Most = 20;

    public string Name => "top";

    public async Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop)
    {
        if (Read(body) is not { } ask)
            return CommandOutcome.Failed("Takes { seconds: 1 to 3600, interval: 0.1 to 60 }, both numbers, both optional.");
        var start = time.GetTimestamp();
        var end = TimeSpan.FromSeconds(ask.Seconds);
        var seen = new Dictionary<(int, long), Usage>();
        var rounds = 0;
        ProcessTimes.Take(proc, t => seen[(t.Pid, t.Start)] = new Usage(t, t.Ticks));
        var cancelled = false;
        while (!cancelled && time.GetElapsedTime(start) is var passed && passed < end)
        {
            var wait = TimeSpan.FromSeconds(ask.Interval);
            try
            {
                await Task.Delay(wait < end - passed ? wait : end - passed, time, stop);
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
            }
            // Processes that end are told with what they had used when they were last seen.
            ProcessTimes.Take(proc, t => seen[(t.Pid, t.Start)] = new Usage(t, seen.TryGetValue((t.Pid, t.Start), out var before) ? before.First : 0));
            rounds++;
        }
        var over = time.GetElapsedTime(start).TotalSeconds;
        var rows = seen.Values.Where(u => u.Last.Ticks > u.First).OrderByDescending(u => u.Last.Ticks - u.First).Take(Most);
        var answer = new TopAnswer(over, rounds, cancelled, [.. rows.Select(u => new TopRow(u.Last.Pid, u.Last.Name, (u.Last.Ticks - u.First) / (double)ProcessTimes.TicksPerSecond / over))]);
        return new CommandOutcome(JsonSerializer.SerializeToElement(answer, CommandJson.Default.TopAnswer));
    }

    private static TopAsk? Read(JsonElement? body)
    {
        try
        {
            var ask = body is { } given ? given.Deserialize(CommandJson.Default.TopAsk) ?? new TopAsk() : new TopAsk();
            return ask is { Seconds: >= 1 and <= 3600, Interval: >= 0.1 and <= 60 } ? ask : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="Seconds">How long to look.</param>
    /// <param name="Interval">Seconds between two looks.</param>
    internal sealed record TopAsk(double Seconds = 5, double Interval = 1);

    /// <param name="Seconds">How long it looked.</param>
    /// <param name="Looks">How often, the first not counted.</param>
    /// <param name="Cancelled">Whether it was ended early.</param>
    /// <param name="Busiest">The busiest processes.</param>
    internal sealed record TopAnswer(double Seconds, int Looks, bool Cancelled, IReadOnlyList<TopRow> Busiest);

    /// <param name="Pid">The process's id.</param>
    /// <param name="Name">Its command.</param>
    /// <param name="Cpu">Cores kept busy over that time.</param>
    internal sealed record TopRow(int Pid, string Name, double Cpu);

    private readonly record struct Usage(ProcessTimes Last, long First);
}
