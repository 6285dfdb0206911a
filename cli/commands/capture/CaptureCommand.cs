using System.CommandLine;
using Pressure.Cli.Capture;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure capture FILE... --out X.capture</c>: a capture store made of files of traffic, filtered and masked.</summary>
internal static class CaptureCommand
{
    public static Command Create(TimeProvider time)
    {
        var command = OfFiles("capture", "Make a capture of recorded packets (pcap, pcapng), HAR or GoReplay files: what pressure replay sends again", time);
        command.Subcommands.Add(CaptureShowCommand.Create());
        command.Subcommands.Add(CaptureExportCommand.Create());
        command.Subcommands.Add(OfFiles("import", "Make a capture of a HAR, .gor, pcap or pcapng file; the same as capture FILE", time));
        return command;
    }

    private static Command OfFiles(string name, string description, TimeProvider time)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files of traffic: pcap, pcapng, HAR, .gor (packed with gzip or not), or captures of ours", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string>("--out", "-o") { Description = "Capture to write: NAME.capture", HelpName = "FILE", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite the capture" };
        var compress = new Option<bool>("--compress") { Description = "Compress the capture" };
        var (json, quiet) = (SharedOptions.Json(), SharedOptions.Quiet());
        var (packets, masks, filter) = (new CapturePacketOptions(), new CaptureMaskOptions(), new CaptureFilterOptions());
        var command = new Command(name, description) { files, to };
        packets.AddTo(command);
        filter.AddTo(command);
        masks.AddTo(command);
        foreach (var option in new Option[] { compress, force, json, quiet })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new CaptureOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var problems = new List<OptionProblem>();
            var order = new CaptureOrder
            {
                Files = parsed.GetRequiredValue(files),
                To = parsed.GetRequiredValue(to),
                Sources = packets.Read(parsed, problems),
                Filter = filter.Read(parsed, problems),
                Masks = masks.Read(parsed, problems),
                Compress = parsed.GetValue(compress),
            };
            CaptureTarget.Check(order.To, order.Files, parsed.GetValue(force), problems);
            return problems.Count > 0 ? output.Problems(problems) : CaptureMaking.Run(order, output, time);
        });
        return command;
    }
}
