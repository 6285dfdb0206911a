using System.CommandLine;
using System.IO.Compression;
using Pressure.Cli.Capture;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure capture export FILE --to OTHER</c>: a capture for other tools.</summary>
internal static class CaptureExportCommand
{
    private static readonly string[] Endings = [".pcapng", ".har", ".gor"];

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The capture" };
        var to = new Option<string>("--to", "-o") { Description = "File to write: NAME.pcapng for Wireshark, NAME.har, or NAME.gor for GoReplay; with .gz behind it packed", HelpName = "FILE", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite the file" };
        var (json, quiet) = (SharedOptions.Json(), SharedOptions.Quiet());
        var filter = new CaptureFilterOptions();
        var command = new Command("export", "Write a capture as pcapng, HAR or GoReplay's file") { file, to };
        filter.AddTo(command);
        foreach (var option in new Option[] { force, json, quiet })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new CaptureOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var (from, target, problems) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(to), new List<OptionProblem>());
            var rules = filter.Read(parsed, problems);
            if (!Endings.Any(e => Plain(target).EndsWith(e, StringComparison.OrdinalIgnoreCase)))
                problems.Add(new("--to", $"'{target}' has no format's ending", $"End it with {string.Join(", ", Endings)}, or one of these and .gz."));
            CaptureTarget.Check(target, [from], parsed.GetValue(force), problems);
            return problems.Count > 0 ? output.Problems(problems) : Export(from, target, rules, output);
        });
        return command;
    }

    private static int Export(string from, string to, FilterRules rules, CaptureOutput output)
    {
        using var signals = new StopSignals();
        try
        {
            using var reader = CaptureFile.Open(from, new() { Stop = signals.Token });
            var filter = new CountingFilter(rules);
            using var file = OwnFile.Create(to);
            using Stream packed = to.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest) : file;
            var outcome = CaptureProgress.Show([], output.IsForPeople, _ => Write(filter.Of(reader), packed, to, signals.Token));
            output.Exported(outcome, filter.LeftOut, reader.Lost);
            return outcome.Stopped ? ExitCodes.Interrupted : ExitCodes.Ok;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return output.Wrong(e.Message, "Check that the capture can be read, and that there is room where it is to be written.");
        }
    }

    private static TransferOutcome Write(IEnumerable<CapturedExchange> exchanges, Stream to, string name, CancellationToken stop) => Path.GetExtension(Plain(name)).ToLowerInvariant() switch
    {
        ".har" => HarExport.Write(exchanges, to, name, stop),
        ".gor" => GorExport.Write(exchanges, to, name, stop),
        _ => PcapngExport.Write(exchanges, to, name, stop),
    };

    private static string Plain(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;

    /// <summary>The exchanges that the rules let through; the others are counted.</summary>
    private sealed class CountingFilter(FilterRules rules)
    {
        private readonly ExchangeFilter _filter = new(rules, new Nobody());
        private readonly Dictionary<string, long> _leftOut = [];

        public IReadOnlyDictionary<string, long> LeftOut => _leftOut;

        public IEnumerable<CapturedExchange> Of(ICaptureReader reader)
        {
            foreach (var exchange in reader.ByTime())
            {
                var reason = _filter.Judge(exchange);
                if (reason == FilterReason.None)
                    yield return exchange;
                else
                    _leftOut[reason.ToString().ToLowerInvariant()] = _leftOut.GetValueOrDefault(reason.ToString().ToLowerInvariant()) + 1;
            }
        }
    }

    private sealed class Nobody : IExchangeSink
    {
        public void Take(CapturedExchange exchange)
        {
        }

        public void EndConnection(long connection, long at)
        {
        }
    }
}
