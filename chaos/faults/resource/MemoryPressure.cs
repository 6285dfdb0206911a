namespace Pressure.Faults;

/// <summary>Fills memory of a container or of the host, by a process that is the first to go where memory runs out.</summary>
internal sealed class MemoryPressure(FaultTools tools, TargetKind target) : BurnFault(tools)
{
    /// <summary>What the burner itself needs besides.</summary>
    private const long OwnNeed = 32 << 20;

    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = TargetNames.Kind("memory-pressure", target),
        Summary = $"Fills memory {TargetNames.Inside(target)}, by a process that ends by itself and is the first to go where memory runs out.",
        Target = target,
        EndsByItself = true,
        Parameters =
        [
            new("percent", ParameterType.Percent, "share of the memory that is in use afterwards, of the container's limit or else of the machine; leave it away to give bytes", ""),
            new("bytes", ParameterType.Bytes, "memory that is filled; leave it away to give percent", ""),
            new("reserve", ParameterType.Bytes, "memory of the machine that stays available; 5 % and at least 256MiB when left away", ""),
        ],
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Controllers { get; } = ["memory"];

    /// <inheritdoc/>
    protected override (BurnerOrder? Burner, Preparation.Refused? Refusal) Plan(FaultOrder order, ControlGroup? group)
    {
        var percent = FaultArguments.Percent(FaultArguments.Text(Description, order.Arguments, "percent"));
        var bytes = FaultArguments.Bytes(FaultArguments.Text(Description, order.Arguments, "bytes"));
        if (percent is null == bytes is null)
            return (null, new($"{Description.Kind} needs either percent or bytes.", "Give one of them."));
        var total = MachineMemory.Total;
        var available = MachineMemory.Available;
        var (limit, used) = group is null ? (total, total - available) : (Math.Min(GroupMemory.Limit(group) ?? total, total), GroupMemory.Used(group));
        var reserve = FaultArguments.Bytes(FaultArguments.Text(Description, order.Arguments, "reserve")) ?? Reserve.Usual(total);
        var wanted = bytes ?? (long)(percent!.Value * limit) - used;
        return Problem(order.Target.Label, wanted, limit, used, available, reserve) is { } problem ? (null, problem) : (new BurnerOrder("memory", Bytes: wanted, Reserve: reserve), null);
    }

    private static Preparation.Refused? Problem(string label, long wanted, long limit, long used, long available, long reserve) =>
        wanted <= 0 ? new($"{label} uses {used >> 20} MiB of {limit >> 20} MiB already: there is nothing to fill.", "Give a larger share, or bytes.")
        : used + wanted > limit - OwnNeed ? new($"{label} uses {used >> 20} MiB of {limit >> 20} MiB; {wanted >> 20} MiB more would end the burner itself, which needs {OwnNeed >> 20} MiB.", "Fill less.")
        : wanted > available - reserve ? new($"The machine has {available >> 20} MiB available; {wanted >> 20} MiB would break the reserve of {reserve >> 20} MiB.", "Fill less, or give a smaller reserve.")
        : null;
}

/// <summary>What is left to others where something is filled.</summary>
internal static class Reserve
{
    private const long Least = 256 << 20;

    /// <summary>5 %, and at least 256 MiB.</summary>
    public static long Usual(long total) => Math.Max(total / 20, Least);
}
