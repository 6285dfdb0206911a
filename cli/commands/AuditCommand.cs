using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure audit</c>: who struck, approved, halted and changed limits, and whether that was tampered with.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Show and check the log of everything that was struck, permitted, refused, approved, halted or changed")
    {
        Verify(),
        Show(),
    };

    private static Command Verify()
    {
        var (folder, json) = (Folder(), SharedOptions.Json());
        var end = new Option<string?>("--end") { Description = "An earlier end of the log that was noted elsewhere, and must be in it", HelpName = "HASH" };
        var command = new Command("verify", "Check the chain of the log; exit code 1 if a line was changed, taken out, put in or cut off") { folder, end, json };
        command.SetAction(parsed => Read(parsed.GetRequiredValue(folder), new GuardOutput(parsed.GetValue(json)), (place, output) => output.Audit(AuditReader.Verify(place, parsed.GetValue(end)), place)));
        return command;
    }

    private static Command Show()
    {
        var (folder, json) = (Folder(), SharedOptions.Json());
        var last = new Option<int>("--last") { Description = "How many lines", HelpName = "N", DefaultValueFactory = _ => 50 };
        var command = new Command("show", "Show the last lines, newest first") { folder, last, json };
        command.SetAction(parsed => Read(parsed.GetRequiredValue(folder), new GuardOutput(parsed.GetValue(json)), (place, output) => output.Lines(AuditReader.Last(place, Math.Clamp(parsed.GetValue(last), 1, 100_000)))));
        return command;
    }

    private static int Read(string folder, GuardOutput output, Func<string, GuardOutput, int> read)
    {
        if (!Directory.Exists(folder))
            return output.Wrong($"There is no folder {folder}.", "Name the state folder by --folder; nothing has been struck on this machine if there is none.");
        try
        {
            return read(folder, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Wrong($"The audit log can't be read: {e.Message}", $"Run this as the user that {folder} belongs to.");
        }
    }

    private static Option<string> Folder() => new("--folder") { Description = "The state folder", HelpName = "DIR", DefaultValueFactory = _ => StateFolder.Usual };
}
