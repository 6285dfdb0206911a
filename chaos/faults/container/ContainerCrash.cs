using System.Runtime.InteropServices;

namespace Pressure.Faults;

/// <summary>
/// Kills a container's first process by its id on the host, behind the engine's back: to the engine it crashed, so its restart policy shows. Undoing
/// starts it if the policy did not.
/// </summary>
internal sealed partial class ContainerCrash(ContainerStrike strike) : IFault
{
    private const int Kill = 9;
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public FaultDescription Description { get; } = new()
    {
        Kind = "container-crash",
        Summary = "Kills a container's first process from the host, so that its restart policy shows; undone by starting it if the policy did not.",
        Target = TargetKind.Container,
    };

    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop) =>
        strike.PrepareAsync(order, (facts, _) => Task.FromResult<Preparation>(
            ContainerRevival.Refusal(facts) is { } refused ? refused
            : !IsOurs(facts) ? new Preparation.Refused($"The first process of container {facts.Name} ({facts.Pid}) can't be seen from here.", "Run on the engine's own host, or use container-kill.")
            : new Preparation.Ready(ContainerRevival.Prior(facts))), stop);

    /// <inheritdoc/>
    /// <remarks>In force once the engine has noticed: its event and ours then name the same moment.</remarks>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop) => strike.ApplyAsync(intent, facts => strike.Events.UntilEndedAsync(facts.Id, () =>
    {
        Strike(facts);
        return Task.Delay(Noticed, strike.Time, stop);
    }, stop), stop);

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.UndoAsync(strike, intent, TimeSpan.Zero, limit, ending: facts => !IsOurs(facts));

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) => ContainerRevival.ResidueAsync(strike, intent, limit);

    /// <summary>The process is held by a descriptor before it is looked at: an id that is used again meanwhile is not struck.</summary>
    private static void Strike(ContainerFacts facts)
    {
        var held = (int)HoldProcess(PidfdOpen, facts.Pid, 0);
        if (held < 0)
            throw new FaultException($"The first process of container {facts.Name} ({facts.Pid}) can't be held: {Marshal.GetLastPInvokeErrorMessage()}.");
        try
        {
            if (!IsOurs(facts))
                throw new FaultException($"Process {facts.Pid} is not of container {facts.Name} any more.");
            if (SignalProcess(PidfdSendSignal, held, Kill, 0, 0) < 0)
                throw new FaultException($"The first process of container {facts.Name} ({facts.Pid}) can't be killed: {Marshal.GetLastPInvokeErrorMessage()}. Run as root.");
        }
        finally
        {
            _ = Close(held);
        }
    }

    /// <summary>Whether the process's control groups bear the container's id, in either version of them.</summary>
    private static bool IsOurs(ContainerFacts facts)
    {
        try
        {
            return facts.Pid > 0 && File.ReadAllText($"/proc/{facts.Pid}/cgroup").Contains(facts.Id, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The same numbers on every architecture.
    private const long PidfdSendSignal = 424;
    private const long PidfdOpen = 434;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long HoldProcess(long number, long pid, long flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SignalProcess(long number, long held, long signal, nint information, long flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
