using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A fault that uses something up by a process of its own (<see cref="Burner"/>), on the host or in the control groups of a container or process.</summary>
internal abstract class BurnFault(FaultTools tools) : IFault
{
    /// <inheritdoc/>
    public abstract FaultDescription Description { get; }

    /// <summary>Control groups that the burner joins so that it uses up what is its target's.</summary>
    protected abstract IReadOnlyList<string> Controllers { get; }

    /// <summary>What is to be burnt, or why not.</summary>
    /// <param name="order">What is wanted.</param>
    /// <param name="group">The target's control group of the first of <see cref="Controllers"/>; null for a whole host.</param>
    protected abstract (BurnerOrder? Burner, Preparation.Refused? Refusal) Plan(FaultOrder order, ControlGroup? group);

    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop)
    {
        if (Refusals.OfArguments(Description, order) is { } wrong)
            return wrong;
        if (order.Target is FaultTarget.Host)
            return Plan(order, null) is ({ } onHost, null) ? Ready(onHost) : Plan(order, null).Refusal!;
        var (process, gone) = await StruckProcess.FindAsync(order.Target, tools, stop);
        if (process is null)
            return gone!;
        var groups = Controllers.Select(c => ControlGroup.Of(process.Pid, c)).ToList();
        if (groups[0] is not { } first)
            return new Preparation.Refused($"{order.Target.Label} is in no control group of its own for {Controllers[0]} that can be seen from here.", "Strike the host, a container, or a process of a service that has a group of its own.");
        var (burner, refusal) = Plan(order, first);
        return burner is null ? refusal! : Ready(burner with { Groups = [.. groups.OfType<ControlGroup>().Select(g => g.Path).Distinct()], Target = (process.Pid, process.Start) });
    }

    /// <inheritdoc/>
    public Task ApplyAsync(FaultIntent intent, CancellationToken stop) => Burner.StartAsync(intent, tools, stop);

    /// <inheritdoc/>
    public Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit) => Burner.EndAsync(intent, tools, limit);

    /// <inheritdoc/>
    public Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit) => Task.FromResult(Burner.Residue(intent));

    private static Preparation.Ready Ready(BurnerOrder burner) => new(new JsonObject { ["burner"] = burner.ToJson() });
}
