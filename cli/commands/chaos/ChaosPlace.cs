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

    public IAudit Audit { get; } = new AuditLog(Folder, Time);

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
        await WarnAsync(await Audit.TryWriteAsync(By, ends));
        return output.Reverted(ends, Unreadable());
    }

    /// <summary>
    /// Tells the audit log what somebody does who undoes, stops or lets go on. These must work on a full disk too, so that a log that can't be written
    /// keeps nobody from it: people are told.
    /// </summary>
    public async Task TellAsync(string what, string on, string outcome, string detail) => await WarnAsync(await Audit.TryWriteAsync(new(By, what, on, outcome, detail)));

    /// <summary>Files in the journal that say nothing.</summary>
    public IReadOnlyList<JournalEntry.Unreadable> Unreadable() => [.. Journal.Read().OfType<JournalEntry.Unreadable>()];

    /// <summary>Who strikes, stops and approves: one name for all of it, or nobody could tell a second person from the first.</summary>
    public static string By => $"{Environment.UserName}@{Environment.MachineName}";

    private static Task WarnAsync(string? problem) => problem is null ? Task.CompletedTask : Console.Error.WriteLineAsync(problem);
}
