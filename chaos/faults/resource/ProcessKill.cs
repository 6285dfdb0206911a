using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Ends a process by a signal; undoing starts it again by the command that was given. Without such a command it can't be undone, and is refused.</summary>
/// <remarks>
/// A note in the state folder, written before the signal is sent and deleted when the process has been started again, tells whoever undoes it how far it
/// came. What was started again bears the handle in its environment: an undoing that broke off does not start it twice.
/// </remarks>
internal sealed class ProcessKill(FaultTools tools) : IFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, int> Ending = new() { ["KILL"] = 9, ["TERM"] = 15, ["INT"] = 2, ["QUIT"] = 3, ["ABRT"] = 6, ["SEGV"] = 11 };

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "process-kill",
        RunsCommands = true,
        Summary = "Ends a process by a signal; a command that is given with it starts it again.",
        Target = TargetKind.Process,
        Risky = true,
        Parameters =
        [
            new("restart", ParameterType.Text, "command of the shell that starts it again (systemctl start shop)"),
            new("signal", ParameterType.Text, $"signal that ends it: {string.Join(", ", Ending.Keys)}", "KILL"),
            new("grace", ParameterType.Duration, "how long it has to end after a signal that it can catch; then it is killed", "10s"),
        ],
    };

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        if (Refusals.OfArguments(Description, order) is { } wrong)
            return wrong;
        if (string.IsNullOrWhiteSpace(FaultArguments.Text(Description, order.Arguments, "restart")))
            return new Preparation.Refused("Without a command that starts the process again its end can't be undone.", "Give restart: systemctl start NAME, or the like.");
        if (SignalOf(FaultArguments.Text(Description, order.Arguments, "signal")!) is null)
            return new Preparation.Refused($"What signal '{FaultArguments.Text(Description, order.Arguments, "signal")}' does to a process can't be undone.", $"Give one that ends it ({string.Join(", ", Ending.Keys)}); to stop a process where it stands use process-freeze.");
        var (process, gone) = await StruckProcess.FindAsync(order.Target, tools, stop);
        if (process is null)
            return gone!;
        if (ProtectedProcesses.Why(process, order.Target.Label) is { } why)
            return why;
        var kept = StruckProcess.Keep(process);
        kept["folder"] = new FileInfo($"/proc/{process.Pid}/cwd").LinkTarget ?? "/";
        kept["arguments"] = new JsonArray([.. process.Arguments.Select(a => JsonValue.Create(a))]);
        // Those that look like it and run already are not it, started again.
        kept["alike"] = new JsonArray([.. Alike(process.Arguments).Select(p => JsonValue.Create(p.Pid))]);
        return new Preparation.Ready(kept);
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        using var held = Hold(intent) ?? throw new FaultException($"{intent.Target.Label} has ended. Choose a process that runs.");
        var note = new RestartNote(tools.Folder, intent.Handle);
        note.Write();
        var signal = SignalOf(FaultArguments.Text(Description, intent.Arguments, "signal")!)!.Value;
        if (!held.Signal(signal))
            throw new FaultException($"{intent.Target.Label} can't be ended by this user. Run as root, or as the user that it belongs to.");
        if (!await held.EndedAsync(tools.Time, signal == Posix.SigKill ? Patience : FaultArguments.Duration(FaultArguments.Text(Description, intent.Arguments, "grace"))!.Value, stop))
        {
            if (!await KillAsync(held, stop))
                throw new FaultException($"{intent.Target.Label} does not end: it waits in the kernel. Look at what it waits for.");
        }
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        var note = new RestartNote(tools.Folder, intent.Handle);
        if (!note.Exists)
            return new UndoOutcome.NothingToUndo("no signal was sent, or it was started again already");
        // A signal that it can catch may be on its way still: so that it is not started while it ends, it is ended now.
        using (var held = Boot.IsOver(intent) ? null : Hold(intent))
        {
            if (held is not null && !await KillAsync(held, limit))
                return new UndoOutcome.Incomplete($"{intent.Target.Label} was sent a signal and does not end: it waits in the kernel", "Look at what it waits for, and start it again when it has ended.");
        }
        if (StartedByOthers(intent) is { } other)
        {
            note.Delete();
            return new UndoOutcome.NothingToUndo($"somebody else has started it again ({other})");
        }
        if (note.Started() is null && await note.StartAsync(FaultArguments.Text(Description, intent.Arguments, "restart")!, (string)intent.Prior["folder"]!, tools.Time, limit) is { } why)
            return new UndoOutcome.Incomplete($"{intent.Target.Label} was ended, and the command that starts it again {why}", $"Start it: {FaultArguments.Text(Description, intent.Arguments, "restart")}");
        note.Delete();
        return new UndoOutcome.Undone();
    }

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) =>
        Task.FromResult(new RestartNote(tools.Folder, intent.Handle).Exists ? $"{intent.Target.Label} was ended and has not been started again" : null);

    private Task<bool> KillAsync(HeldProcess held, CancellationToken stop)
    {
        held.Signal(Posix.SigKill);
        return held.EndedAsync(tools.Time, Patience, stop);
    }

    private static HeldProcess? Hold(FaultIntent intent) => StruckProcess.Kept(intent.Prior) is var (pid, start) ? HeldProcess.Hold(pid, start) : null;

    private static int? StartedByOthers(FaultIntent intent)
    {
        var alike = ((JsonArray)intent.Prior["alike"]!).Select(p => (int)p!).ToHashSet();
        return Alike([.. ((JsonArray)intent.Prior["arguments"]!).Select(a => (string)a!)]).FirstOrDefault(p => !alike.Contains(p.Pid))?.Pid;
    }

    private static IEnumerable<HostProcess> Alike(IReadOnlyList<string> arguments) => arguments.Count == 0 ? [] : HostProcesses.List().Where(p => p.Arguments.SequenceEqual(arguments));

    private static int? SignalOf(string name)
    {
        var plain = name.ToUpperInvariant();
        return Ending.TryGetValue(plain.StartsWith("SIG", StringComparison.Ordinal) ? plain[3..] : plain, out var number) ? number
            : Ending.Values.FirstOrDefault(n => n.ToString(CultureInfo.InvariantCulture) == plain) is > 0 and var known ? known : null;
    }
}
