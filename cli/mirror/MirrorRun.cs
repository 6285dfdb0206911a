using Pressure.Cli.ConsoleOutput;
using Pressure.Mirror;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Mirror;

/// <summary>A mirror from its start to its table at the end.</summary>
internal sealed class MirrorRun(MirrorPlan plan, string? record, TimeSpan? duration, MirrorOutput output, TimeProvider time)
{
    /// <summary>Runs it until it is stopped or its time is over, and gives the exit code.</summary>
    public async Task<int> RunAsync()
    {
        if (record is null)
            return await RunAsync(null);
        try
        {
            using var capture = MirrorCapture.Begin(record, MaskRules.Default, time);
            return await RunAsync(capture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong($"{record} can't be written: {e.Message}", "Name a file that does not exist yet with --record.");
        }
    }

    private async Task<int> RunAsync(MirrorCapture? capture)
    {
        using var signals = new StopSignals();
        var start = await MirrorServer.StartAsync(plan, capture?.Sink, time);
        if (start is not MirrorStart.Running(var mirror))
            return output.Wrong(((MirrorStart.Refused)start).Why, "");
        await using (mirror)
        {
            output.Started(plan, mirror, record);
            await output.FollowAsync(mirror, UntilOver(signals.Token), time);
        }
        output.Finish(plan, mirror.Status, capture?.Complete());
        return signals.Token.IsCancellationRequested ? ExitCodes.Interrupted : mirror.Status.Record?.Failure is null ? ExitCodes.Ok : ExitCodes.InternalError;
    }

    private Task UntilOver(CancellationToken stop) =>
        Task.Delay(duration ?? Timeout.InfiniteTimeSpan, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
