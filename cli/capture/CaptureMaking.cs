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
        try
        {
            File.Delete(order.To);
            using var writer = new CaptureWriter(order.To, new() { Compress = order.Compress, Masked = order.Masks.InWords }, time);
            var made = CaptureProgress.Show(order.Files, output.IsForPeople, progress => Write(order, writer, progress, signals.Token));
            if (made.Info is { } info)
                return Tell(info, made, output);
            writer.Dispose();
            File.Delete(order.To);
            return output.Unreadable(made.Sources);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong(e is CaptureWriteException ? e.Message : $"{order.To} can't be written: {e.Message}", "Make room, or name another place with --out.");
        }
    }

    /// <summary>Without a description of what was made nothing could be read.</summary>
    private static Made Write(CaptureOrder order, CaptureWriter writer, Action<string, long> progress, CancellationToken stop)
    {
        var accounts = new CaptureAccounts();
        var masking = new Masking(order.Masks, writer);
        var filter = new ExchangeFilter(order.Filter, masking);
        var sources = CaptureSources.Read(order.Files, filter, accounts, order.Sources with { Progress = progress, Stop = stop });
        if (sources.Unreadable.Distinct().Count() == order.Files.Distinct().Count() && !sources.Stopped)
            return new(null, sources, accounts);
        var info = writer.Complete(new()
        {
            Accounts = accounts.Packets > 0 ? accounts : null,
            LeftOut = Sum(filter.LeftOut, sources.LeftOut),
            MaskedCounts = order.Masks.IsEmpty ? new Dictionary<string, long>() : masking.Counts,
        });
        return new(info, sources, accounts);
    }

    private static int Tell(CaptureInfo info, Made made, CaptureOutput output)
    {
        output.Made(info, made.Sources);
        return made.Sources.Stopped ? ExitCodes.Interrupted
            : made.Sources.Unreadable.Count > 0 ? ExitCodes.InvalidInput
            : made.Accounts.IsBalanced ? ExitCodes.Ok
            : ExitCodes.NotHeld;
    }

    private static Dictionary<string, long> Sum(IReadOnlyDictionary<string, long> one, IReadOnlyDictionary<string, long> other) =>
        one.Concat(other).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Sum(p => p.Value));

    private sealed record Made(CaptureInfo? Info, CaptureSourcesOutcome Sources, CaptureAccounts Accounts);
}
