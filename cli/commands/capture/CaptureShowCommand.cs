using System.CommandLine;
using Pressure.Cli.ConsoleOutput;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure capture show FILE</c>: what a capture holds.</summary>
internal static class CaptureShowCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A capture; pcap, pcapng, HAR and .gor files are read through first" };
        var first = new Option<int>("--first") { Description = "How many exchanges to show", HelpName = "N", DefaultValueFactory = _ => 10 };
        var endpoints = new Option<int>("--endpoints") { Description = "How many endpoints to show", HelpName = "N", DefaultValueFactory = _ => 20 };
        var (json, quiet) = (SharedOptions.Json(), SharedOptions.Quiet());
        var command = new Command("show", "Show what a capture holds: endpoints, first exchanges, what was masked, and what became of every packet") { file, first, endpoints, json, quiet };
        command.SetAction(parsed => Show(
            parsed.GetRequiredValue(file), Math.Clamp(parsed.GetValue(first), 0, 10_000), Math.Clamp(parsed.GetValue(endpoints), 0, 1_000), new CaptureOutput(parsed.GetValue(json), parsed.GetValue(quiet))));
        return command;
    }

    private static int Show(string file, int first, int endpoints, CaptureOutput output)
    {
        try
        {
            using var reader = CaptureFile.Open(file);
            output.Show(reader.Info, [.. reader.ByTime().Take(first).Select(e => e.Keep())], endpoints);
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return output.Wrong($"{file}: {e.Message}", "Name a capture of ours, a pcap or pcapng file, a HAR or a .gor file.");
        }
    }
}
