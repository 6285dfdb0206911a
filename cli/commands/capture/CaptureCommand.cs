using System.CommandLine;
using Pressure.Cli.Capture;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;

namespace Pressure.Cli.Commands;

/// <summary>
/// <c>pressure capture FILE... --out X.capture</c>: a capture store made of files of traffic, or with <c>--interface</c> or <c>--agent</c> of what passes there, filtered and masked.
/// </summary>
internal static class CaptureCommand
{
    public static Command Create(TimeProvider time)
    {
        var command = Making("capture", "Make a capture of recorded packets (pcap, pcapng), HAR or GoReplay files, or live of an interface: what pressure replay sends again", time, new CaptureLiveOptions());
        command.Subcommands.Add(CaptureShowCommand.Create());
        command.Subcommands.Add(CaptureExportCommand.Create());
        command.Subcommands.Add(Making("import", "Make a capture of a HAR, .gor, pcap or pcapng file; the same as capture FILE", time, live: null));
        return command;
    }

    private static Command Making(string name, string description, TimeProvider time, CaptureLiveOptions? live)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files of traffic: pcap, pcapng, HAR, .gor (packed with gzip or not), or captures of ours", Arity = live is null ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore };
        var to = new Option<string>("--out", "-o") { Description = "Capture to write: NAME.capture", HelpName = "FILE", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite the capture" };
        var compress = new Option<bool>("--compress") { Description = "Compress the capture" };
        var (json, quiet) = (SharedOptions.Json(), SharedOptions.Quiet());
        var (packets, masks, filter) = (new CapturePacketOptions(), new CaptureMaskOptions(), new CaptureFilterOptions());
        var command = new Command(name, description) { files, to };
        var agents = new CaptureAgentOptions();
        live?.AddTo(command);
        if (live is not null)
            agents.AddTo(command);
        packets.AddTo(command);
        filter.AddTo(command);
        masks.AddTo(command);
        foreach (var option in new Option[] { compress, force, json, quiet })
            command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var output = new CaptureOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            var problems = new List<OptionProblem>();
            var isRemote = live is not null && agents.IsAsked(parsed);
            var sources = packets.Read(parsed, isRemote || live?.IsAsked(parsed) == true, problems);
            var order = new CaptureOrder
            {
                Files = parsed.GetValue(files) ?? [],
                To = parsed.GetRequiredValue(to),
                Sources = sources,
                Live = live?.Read(parsed, sources.Asked, isRemote ? "any" : null, problems),
                Filter = filter.Read(parsed, problems),
                Masks = masks.Read(parsed, problems),
                Compress = parsed.GetValue(compress),
            };
            CaptureTarget.Check(order.To, order.Files, parsed.GetValue(force), problems);
            if (order.Files.Count > 0 == order.Live is not null && live is not null)
                problems.Add(order.Files.Count > 0 ? new("FILE", "can't be read while something is captured live", "Leave one of the two out.") : new("FILE", "is missing", $"Name files of traffic, an interface with {live.Interface}, or agents with --agent."));
            if (live is not null)
                agents.Check(parsed, [packets.KeyLogOption, live.PacketsOption, .. masks.Unmasking], problems);
            if (problems.Count > 0)
                return output.Problems(problems);
            if (isRemote)
                return await new AgentMaking(order, CaptureAgentOptions.AskOf(order, order.Live!, masks.Masks(parsed), packets.IsLimitGiven(parsed)), agents.Agents(parsed), output, time).RunAsync(agents.Service(parsed));
            return order.Live is { } options ? LiveMaking.Run(order, options, output, time) : CaptureMaking.Run(order, output, time);
        });
        return command;
    }
}
