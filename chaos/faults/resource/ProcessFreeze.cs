using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Stops a process where it stands (SIGSTOP), with those that descend from it if wanted; it goes on (SIGCONT) when the fault is undone.</summary>
/// <remarks>
/// Only what ran when the fault was prepared is stopped, and so is all known to whoever undoes it: a child that is forked in between runs on, rather than
/// being left stopped with nobody to know of it.
/// </remarks>
internal sealed class ProcessFreeze : IFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FaultTools _tools;

    /// <summary>Puts it together.</summary>
    public ProcessFreeze(FaultTools tools) => _tools = tools;

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "process-freeze",
        Summary = "Stops a process where it stands, as if it hung; it goes on afterwards.",
        Target = TargetKind.Process,
        Parameters = [new("children", ParameterType.Flag, "whether all that descend from it are stopped too", "false")],
    };

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        if (Refusals.OfArguments(Description, order) is { } wrong)
            return wrong;
        var (process, gone) = await StruckProcess.FindAsync(order.Target, _tools, stop);
        if (process is null)
            return gone!;
        if (process.IsStopped)
            return new Preparation.Refused($"{order.Target.Label} is stopped already; undoing would let it go on.", "Let it go on first (kill -CONT), or choose another one.");
        if (ProtectedProcesses.Why(process, order.Target.Label) is { } why)
            return why;
        List<HostProcess> struck = [process];
        // What somebody else has stopped stays stopped, and out of this.
        if (FaultArguments.Text(Description, order.Arguments, "children") == "true")
            struck.AddRange(HostProcesses.Below(process.Pid).Where(p => !p.IsStopped && !p.IsDead));
        return new Preparation.Ready(new JsonObject { ["processes"] = new JsonArray([.. struck.Select(StruckProcess.Keep)]) });
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultIntent intent, CancellationToken stop)
    {
        var first = true;
        foreach (var (pid, start) in ProcessesOf(intent))
        {
            using var held = HeldProcess.Hold(pid, start);
            // Children may have ended meanwhile; the process itself must be there.
            if (first && held is null)
                throw new FaultException($"{intent.Target.Label} has ended. Choose a process that runs.") { NothingTouched = true };
            if (first && held!.Process.IsStopped)
                throw new FaultException($"{intent.Target.Label} was stopped by somebody else in between. Let it go on first (kill -CONT).") { NothingTouched = true };
            if (held is not null && !held.Signal(KernelCalls.SigStop) && HostProcesses.Of(pid, start) is not null)
                throw new FaultException($"{held.Process.Name} ({pid}) can't be stopped by this user. Run as root, or as the user that it belongs to.");
            first = false;
        }
        if (await WaitAsync(ProcessesOf(intent).Take(1), p => p.IsStopped, stop) is { } running)
            throw new FaultException($"{running.Name} ({running.Pid}) does not stop: it waits in the kernel (state {running.State}). Try again later.");
    }

    /// <inheritdoc/>
    public async Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit)
    {
        if (Boot.IsOver(intent))
            return Boot.StartedAnew;
        var (alive, woken) = (false, false);
        // Children first: the parent finds them as it left them.
        foreach (var (pid, start) in ProcessesOf(intent).Reverse())
        {
            using var held = HeldProcess.Hold(pid, start);
            if (held is null)
                continue;
            alive = true;
            woken |= held.Process.IsStopped;
            // Also where it does not look stopped: a stop may be on its way to it.
            held.Signal(KernelCalls.SigContinue);
        }
        if (await WaitAsync(ProcessesOf(intent), p => !p.IsStopped, limit) is { } left)
            return new UndoOutcome.Incomplete($"{left.Name} ({left.Pid}) is still stopped", $"Run as root: kill -CONT {left.Pid}");
        return woken ? new UndoOutcome.Undone() : new UndoOutcome.NothingToUndo(alive ? "it runs" : "the process has ended");
    }

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit)
    {
        var left = Boot.IsOver(intent) ? null : Running(ProcessesOf(intent)).FirstOrDefault(p => p.IsStopped);
        return Task.FromResult(left is null ? null : $"{left.Name} ({left.Pid}) is still stopped");
    }

    /// <summary>Waits until all that still run are so; the first that is not, null if all are.</summary>
    private async Task<HostProcess?> WaitAsync(IEnumerable<(int Pid, long Start)> processes, Func<HostProcess, bool> so, CancellationToken stop)
    {
        var step = TimeSpan.FromMilliseconds(5);
        for (var waited = TimeSpan.Zero; ; waited += step)
        {
            var other = Running(processes).FirstOrDefault(p => !so(p));
            if (other is null || waited >= Patience || stop.IsCancellationRequested)
                return other;
            await Task.Delay(step, _tools.Time, CancellationToken.None);
        }
    }

    private static IEnumerable<HostProcess> Running(IEnumerable<(int Pid, long Start)> processes) => processes.Select(p => HostProcesses.Of(p.Pid, p.Start)).OfType<HostProcess>();

    private static IEnumerable<(int Pid, long Start)> ProcessesOf(FaultIntent intent) => ((JsonArray)intent.Prior["processes"]!).Select(p => StruckProcess.Kept(p)!.Value);
}
