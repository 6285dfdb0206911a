namespace Pressure.Faults;

/// <summary>Burns CPU beside what runs: on the whole host, or out of what a container, or the control group of a process, may use.</summary>
internal sealed class CpuBurn(FaultTools tools, TargetKind target) : BurnFault(tools)
{
    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = TargetNames.Kind("cpu-burn", target),
        Summary = $"Burns CPU {TargetNames.Inside(target)} beside what runs there, by a process that ends by itself.",
        Target = target,
        EndsByItself = true,
        Parameters =
        [
            new("percent", ParameterType.Percent, "share of each core that is burnt", "100%"),
            new("cores", ParameterType.Number, "cores that are burnt; 0 for all of the machine's", "0"),
        ],
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Controllers { get; } = ["cpu", "cpuacct", "cpuset"];

    /// <inheritdoc/>
    protected override (BurnerOrder? Burner, Preparation.Refused? Refusal) Plan(FaultOrder order, ControlGroup? group)
    {
        var cores = FaultArguments.Number(FaultArguments.Text(Description, order.Arguments, "cores"))!.Value;
        var share = FaultArguments.Percent(FaultArguments.Text(Description, order.Arguments, "percent"))!.Value;
        if (cores < 0 || cores > Environment.ProcessorCount)
            return (null, new($"The machine has {Environment.ProcessorCount} cores; {cores} can't be burnt.", $"Give cores from 0 to {Environment.ProcessorCount}."));
        return share == 0 ? (null, new("0% of a core burns nothing.", "Give a larger share.")) : (new BurnerOrder("cpu", share, cores == 0 ? Environment.ProcessorCount : (int)cores), null);
    }
}
