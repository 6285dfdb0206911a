using Pressure.Cli.ConsoleOutput;
using Pressure.Mirror;
using Pressure.Reports;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Mirror;

/// <summary>The capture that a mirror is to write.</summary>
/// <param name="File">Where; it must not exist.</param>
/// <param name="Masks">What is masked before it is written.</param>
internal sealed record MirrorRecording(string File, MaskRules Masks);

/// <summary>A mirror from its start to its table at the end.</summary>
internal sealed class MirrorRun(MirrorPlan plan, MirrorRecording? recording, MirrorReporting? reporting, TimeSpan? duration, MirrorOutput output, TimeProvider time)
{
    /// <summary>Runs it until it is stopped or its time is over, and gives the exit code.</summary>
    public async Task<int> RunAsync()
    {
        try
        {
            // Before anything passes: what can't be written in the end is to be known at the beginning.
            if (reporting is not null)
                Directory.CreateDirectory(reporting.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong($"{reporting!.Folder} can't be made: {e.Message}", "Name another folder with --out.");
        }
        if (recording is null)
            return await RunAsync(null);
        try
        {
            using var capture = MirrorCapture.Begin(recording.File, recording.Masks, time);
            return await RunAsync(capture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong($"{recording.File} can't be written: {e.Message}", "Name a file that does not exist yet with --record.");
        }
    }

    private async Task<int> RunAsync(MirrorCapture? capture)
    {
        using var signals = new StopSignals();
        var start = await MirrorServer.StartAsync(plan, capture?.Sink, time);
        if (start is not MirrorStart.Running(var mirror))
        {
            capture?.Discard();
            return output.Wrong(((MirrorStart.Refused)start).Why, "");
        }
        var began = time.GetUtcNow();
        await using (mirror)
        {
            output.Started(plan, mirror, recording);
            await output.FollowAsync(mirror, UntilOver(signals.Token), time);
        }
        var (info, failure) = capture?.Complete() ?? default;
        var status = mirror.Status;
        // What was held to the last may fail as well.
        if (status.Record is { Failure: null } record && failure is not null)
            status = status with { Record = record with { Failure = failure } };
        output.Finish(plan, status, info);
        if (reporting is not null && !await ReportAsync(reporting, SessionOf.Mirror(plan, status, began, recording, info)))
            return ExitCodes.InternalError;
        return status.Record?.Failure is not null ? ExitCodes.InternalError : signals.Token.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.Ok;
    }

    private async Task<bool> ReportAsync(MirrorReporting to, MirrorSession session)
    {
        try
        {
            output.Reported(await MirrorReportWriter.WriteAsync(to.Folder, session, to.Options, CancellationToken.None));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MirrorOutput.NotReported($"The report can't be written into {to.Folder}: {e.Message}");
            return false;
        }
    }

    private Task UntilOver(CancellationToken stop) =>
        Task.Delay(duration ?? Timeout.InfiniteTimeSpan, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
