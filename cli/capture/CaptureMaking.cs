using Pressure.Cli.ConsoleOutput;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Capture;

/// <summary>Makes a capture of files: read, filtered, masked, written.</summary>
internal static class CaptureMaking
{
    /// <summary>Runs it and gives the exit code.</summary>
    public static int Run(CaptureOrder order, CaptureOutput output, TimeProvider time)
    {
        using var signals = new StopSignals();
        // What is there goes when its successor is whole.
        var path = File.Exists(order.To) ? $"{order.To}.new" : order.To;
        try
        {
            File.Delete(path);
            var made = Make(order, path, output, time, signals.Token);
            if (made.Info is not { } info)
            {
                File.Delete(path);
                return output.Unreadable(made.Sources);
            }

            File.Move(path, order.To, overwrite: true);
            return Tell(info with { Name = order.To }, made, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong(e is CaptureWriteException ? e.Message : $"{order.To} can't be written: {e.Message}", "Make room, or name another place with --out.");
        }
    }

    private static Made Make(CaptureOrder order, string path, CaptureOutput output, TimeProvider time, CancellationToken stop)
    {
        using var recording = new CaptureRecording(path, order.Filter, order.Masks, new() { Compress = order.Compress }, time);
        return CaptureProgress.Show(order.Files, output.IsForPeople, progress => Write(order, recording, progress, stop));
    }

    /// <summary>Without a description of what was made nothing could be read.</summary>
    private static Made Write(CaptureOrder order, CaptureRecording recording, Action<string, long> progress, CancellationToken stop)
    {
        var accounts = new CaptureAccounts();
        var sources = CaptureSources.Read(order.Files, recording, accounts, order.Sources with { Progress = progress, Stop = stop });
        var isAny = sources.Stopped || sources.Unreadable.Distinct().Count() < order.Files.Distinct().Count();
        return new(isAny ? recording.Complete(accounts, sources.LeftOut) : null, sources, accounts);
    }

    private static int Tell(CaptureInfo info, Made made, CaptureOutput output)
    {
        output.Made(info, made.Sources);
        return made.Sources.Stopped ? ExitCodes.Interrupted
            : made.Sources.Unreadable.Count > 0 ? ExitCodes.InvalidInput
            : made.Accounts.IsBalanced ? ExitCodes.Ok
            : ExitCodes.NotHeld;
    }

    private sealed record Made(CaptureInfo? Info, CaptureSourcesOutcome Sources, CaptureAccounts Accounts);
}
