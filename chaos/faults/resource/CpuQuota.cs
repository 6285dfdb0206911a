using System.Globalization;

namespace Pressure.Faults;

/// <summary>Leaves a container, or the control group of a process, a share of some cores only.</summary>
internal sealed class CpuQuota(FaultTools tools, TargetKind target) : GroupFault(tools)
{
    /// <summary>The kernel takes no quota below a millisecond.</summary>
    private const long LeastQuota = 1000;

    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = TargetNames.Kind("cpu-quota", target),
        Summary = $"Lets {(target == TargetKind.Process ? "the control group of a process" : "a container")} use a share of the CPU only; its former quota is put back.",
        Target = target,
        Parameters =
        [
            new("percent", ParameterType.Percent, "share of each core that is left to it"),
            new("cores", ParameterType.Number, "cores that the share is of", "1"),
        ],
    };

    /// <inheritdoc/>
    protected override string Controller => "cpu";

    /// <inheritdoc/>
    protected override (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Plan(FaultOrder order, ControlGroup group, HostProcess process)
    {
        var cores = FaultArguments.Number(FaultArguments.Text(Description, order.Arguments, "cores"))!.Value;
        var share = FaultArguments.Percent(FaultArguments.Text(Description, order.Arguments, "percent"))!.Value;
        if (cores is < 1 or > 4096)
            return ([], new($"{cores} cores can't be had.", "Give cores from 1 on."));
        return group.Unified ? Version2(order, group, share * cores) : Version1(order, group, share * cores);
    }

    private static (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Version1(FaultOrder order, ControlGroup group, double cores)
    {
        if (group.Read("cpu.cfs_quota_us") is not { } quota || group.Number("cpu.cfs_period_us") is not { } period)
            return ([], NoQuota(group));
        var wanted = Wanted(cores, period);
        return Has(quota, wanted, period, order) is { } less ? ([], less) : ([GroupSetting.Whole("cpu.cfs_quota_us", quota, Text(wanted))], null);
    }

    private static (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Version2(FaultOrder order, ControlGroup group, double cores)
    {
        if (group.Read("cpu.max") is not { } both || both.Split(' ') is not [var quota, var periodText] || FaultArguments.Number(periodText) is not { } period)
            return ([], NoQuota(group));
        var wanted = Wanted(cores, period);
        return Has(quota, wanted, period, order) is { } less ? ([], less) : ([GroupSetting.Whole("cpu.max", both, $"{Text(wanted)} {periodText}")], null);
    }

    private static long Wanted(double cores, long period) => Math.Max((long)(cores * period), LeastQuota);

    /// <summary>Refuses to give more than there is: that would be no fault. <c>-1</c> and <c>max</c> stand for no limit.</summary>
    private static Preparation.Refused? Has(string quota, long wanted, long period, FaultOrder order) =>
        FaultArguments.Number(quota) is > 0 and var had && had <= wanted
            ? new($"{order.Target.Label} may use {Text((double)had / period)} cores only; {Text((double)wanted / period)} would not be less.", "Give a smaller share.")
            : null;

    private static Preparation.Refused NoQuota(ControlGroup group) => new($"The kernel keeps no CPU quota for {group.Path}.", "A kernel with CFS bandwidth control is needed, and with version 2 the controller cpu in cgroup.subtree_control of the group above.");

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
