using Pressure.Cli.ConsoleOutput;
using Pressure.Cluster;

namespace Pressure.Cli.Workers;

/// <summary>The way to the workers of a run from the command line: connects, finds workers, and tells a person how far it is.</summary>
internal static class CrewConnection
{
    /// <summary>Connects to a broker.</summary>
    /// <exception cref="BusException">It can't.</exception>
    public static async Task<IBus> ConnectAsync(BrokerAddress broker, RunOutput output, CancellationToken stop) =>
        await RabbitBus.ConnectAsync(broker, "pressure run", noticed: notice => Tell(notice, output), stop: stop);

    /// <summary>Finds the workers of a run; null after problems, which have been told.</summary>
    /// <exception cref="BusException">Nobody can be reached.</exception>
    public static async Task<Crew?> RecruitAsync(CrewRequest request, RunOutput output, TimeProvider time, CancellationToken stop)
    {
        var recruiting = await Crew.RecruitAsync(request, time, new Progress(output), stop);
        foreach (var notice in recruiting.Notices)
            output.Notice(notice);
        if (recruiting.Crew is { } crew)
            output.Notice($"{crew.Manifest.Workers.Count} workers are ready: {string.Join(", ", crew.Manifest.Workers.Take(8).Select(w => w.Name))}{(crew.Manifest.Workers.Count > 8 ? ", ..." : "")}");
        else
            output.Problems(recruiting.Problems);
        return recruiting.Crew;
    }

    private static void Tell(BusNotice notice, RunOutput output)
    {
        switch (notice)
        {
            case BusNotice.Connected connected:
                output.Notice($"Connected to {connected.Broker}.");
                break;
            case BusNotice.Away away:
                output.Notice($"The broker is away: {away.Why}");
                break;
            case BusNotice.Blocked blocked:
                output.Notice($"The broker takes no messages for now: {blocked.Why}");
                break;
            case BusNotice.Unblocked:
                output.Notice("The broker takes messages again.");
                break;
        }
    }

    /// <summary>Tells each step once, so that a log stays short.</summary>
    private sealed class Progress(RunOutput output) : IProgress<RecruitingProgress>
    {
        private string _told = "";

        public void Report(RecruitingProgress value)
        {
            var text = value switch
            {
                { Waiting.Count: 0, Ready: 0 } => $"Looking for {value.Wanted} worker{(value.Wanted == 1 ? "" : "s")}: {value.Found} free",
                { Waiting.Count: > 0 } => $"{value.Ready} of {value.Wanted} workers are ready; waiting for {string.Join(", ", value.Waiting.Take(4))}{(value.Waiting.Count > 4 ? ", ..." : "")}",
                _ => _told,
            };
            if (text != _told)
                output.Notice(_told = text);
        }
    }
}
