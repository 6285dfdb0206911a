using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary>This machine's chaos state, as commands reach it: without a service, and while one runs.</summary>
internal sealed record ChaosPlace(string Folder, TimeProvider Time)
{
    private ChaosPlace(TimeProvider time)
        : this(StateFolder.Usual, time)
    {
    }

    public FaultJournal Journal { get; } = new(Folder);

    public GlobalStop Halt { get; } = new(Folder);

    public RunningExperiments Experiments { get; } = new(Folder);

    public Reversal Reversal => new(Folder, FaultCatalogue.All, FaultClock.OfMachine(Time));

    /// <summary>Runs a command; what can't be read or written of the folder is told to people.</summary>
    public static async Task<int> RunAsync(TimeProvider time, bool json, Func<ChaosPlace, ChaosOutput, Task<int>> command)
    {
        var (place, output) = (new ChaosPlace(time), new ChaosOutput(json));
        try
        {
            return await command(place, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return output.Unusable(place.Folder, e);
        }
    }

    /// <summary>Reverts what is meant, and tells of it; gives the exit code.</summary>
    public async Task<int> RevertAsync(Func<FaultIntent, bool> meant, string by, ChaosOutput output)
    {
        var ends = await Reversal.RevertAsync(meant, by);
        foreach (var (intent, end) in ends)
            await TellAsync("revert", $"{intent.Kind} on {intent.Target.Label}", end.Outcome is UndoOutcome.Incomplete ? "left" : "ended", $"fault {intent.Handle}, by {end.By}");
        return output.Reverted(ends, Unreadable());
    }

    /// <summary>
    /// Tells the audit log what somebody does who undoes, stops or lets go on. These must work on a full disk too, so that a log that can't be written
    /// keeps nobody from it: people are told.
    /// </summary>
    public async Task TellAsync(string what, string on, string outcome, string detail)
    {
        try
        {
            await new AuditLog(Folder, Time).WriteAsync(new(By, what, on, outcome, detail), CancellationToken.None);
        }
        catch (GuardBookException e)
        {
            await Console.Error.WriteLineAsync($"This is not in the audit log: {e.Message}");
        }
    }

    /// <summary>Files in the journal that say nothing.</summary>
    public IReadOnlyList<JournalEntry.Unreadable> Unreadable() => [.. Journal.Read().OfType<JournalEntry.Unreadable>()];

    /// <summary>Who says so, for those who ask.</summary>
    public static string By => $"{Environment.UserName}@{Environment.MachineName}";
}
