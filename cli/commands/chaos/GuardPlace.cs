using System.CommandLine;
using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary>This machine's guards, as commands reach them: without a service, and while one runs.</summary>
internal sealed record GuardPlace(string Folder, GuardBook Book, IAudit Audit)
{
    /// <summary>Who says so, if they give no other name. There is no login: names are believed.</summary>
    public static Option<string> By() => new("--by")
    {
        Description = "Who does this, for the audit log and for approvals",
        HelpName = "NAME",
        DefaultValueFactory = _ => ChaosPlace.By,
    };

    /// <summary>Runs a command; what can't be read or written of the book or the log is told to people.</summary>
    public static async Task<int> RunAsync(TimeProvider time, bool json, Func<GuardPlace, GuardOutput, Task<int>> command)
    {
        var (folder, output) = (StateFolder.Usual, new GuardOutput(json));
        try
        {
            var audit = new AuditLog(folder, time);
            using var book = GuardBook.Open(folder, time, audit);
            return await command(new(folder, book, audit), output);
        }
        catch (GuardBookException e)
        {
            return output.Wrong(e.Message, "");
        }
    }
}
