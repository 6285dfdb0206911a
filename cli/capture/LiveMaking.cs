using Pressure.Cli.ConsoleOutput;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Capture;

/// <summary>Makes a capture of what passes an interface: captured, filtered, masked, written.</summary>
internal static class LiveMaking
{
    /// <summary>Runs it and gives the exit code.</summary>
    public static int Run(CaptureOrder order, LiveCaptureOptions live, CaptureOutput output, TimeProvider time)
    {
        switch (LiveCapture.Open(live, time))
        {
            case LiveOpening.Opened opened:
                using (opened.Capture)
                    return Run(order, live, opened.Capture, output, time);
            case LiveOpening.Refused { Problem: var problem }:
                return output.Wrong(problem.What, problem.Remedy);
            default:
                throw new InvalidOperationException("An opening is one or the other.");
        }
    }

    private static int Run(CaptureOrder order, LiveCaptureOptions live, LiveCapture capture, CaptureOutput output, TimeProvider time)
    {
        using var signals = new StopSignals();
        try
        {
            File.Delete(order.To);
            using var recording = new CaptureRecording(order.To, order.Filter, order.Masks, new() { Compress = order.Compress }, time);
            var accounts = new CaptureAccounts();
            var outcome = CaptureProgress.ShowLive(live.Interface, accounts, output.IsForPeople, time, () => Capture(order, capture, recording, accounts, signals.Token));
            var info = recording.Complete(accounts);
            // Without an end of its own, being told to stop is how it ends.
            var isCutShort = outcome.End == LiveCaptureEnd.Stopped && HasEnd(live);
            output.Captured(info, outcome, isCutShort);
            return isCutShort ? ExitCodes.Interrupted
                : outcome.Problem is not null ? ExitCodes.InvalidInput
                : accounts.IsBalanced ? ExitCodes.Ok
                : ExitCodes.NotHeld;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong(e is CaptureWriteException ? e.Message : $"{order.To} can't be written: {e.Message}", "Make room, or name another place with --out.");
        }
    }

    private static LiveCaptureOutcome Capture(CaptureOrder order, LiveCapture capture, IExchangeSink to, CaptureAccounts accounts, CancellationToken stop)
    {
        var conversations = order.Sources.Conversations.WithReaders(order.Sources.KeyLog);
        var pipeline = new CapturePipeline(new ConversationOpener(to, accounts, conversations), accounts, order.Sources.Asked);
        var outcome = pipeline.Capture(capture, stop);
        pipeline.Flush();
        return outcome;
    }

    private static bool HasEnd(LiveCaptureOptions live) => live.MaxTime != TimeSpan.MaxValue || live.MaxPackets != long.MaxValue || live.MaxBytes != long.MaxValue;
}
