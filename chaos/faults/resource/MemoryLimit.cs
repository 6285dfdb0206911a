using System.Globalization;

namespace Pressure.Faults;

/// <summary>Lowers the memory limit of a container, or of the control group of a process.</summary>
/// <remarks>
/// Refused where there is no limit: what ran without one has got used to that, and what the kernel ended for want of memory no undoing brings back.
/// With version 1 the limit with swap is lowered by as much. It must never be below the one without: so it is lowered second and raised first.
/// </remarks>
internal sealed class MemoryLimit(FaultTools tools, TargetKind target) : GroupFault(tools)
{
    private const string Plain = "memory.limit_in_bytes", WithSwap = "memory.memsw.limit_in_bytes", Unified = "memory.max";

    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = TargetNames.Kind("memory-limit", target),
        Summary = $"Lowers the memory limit {TargetNames.Inside(target)}; its former limit is put back. What the kernel ends meanwhile for want of memory stays ended.",
        Target = target,
        Risky = true,
        Parameters = [new("bytes", ParameterType.Bytes, "the limit that holds meanwhile, above what is in use")],
    };

    /// <inheritdoc/>
    protected override string Controller => "memory";

    /// <inheritdoc/>
    protected override (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Plan(FaultOrder order, ControlGroup group, HostProcess process)
    {
        // The kernel counts in whole pages.
        var wanted = FaultArguments.Bytes(FaultArguments.Text(Description, order.Arguments, "bytes"))!.Value / Environment.SystemPageSize * Environment.SystemPageSize;
        var label = order.Target.Label;
        if (GroupMemory.Limit(group) is not { } limit)
            return ([], new($"{label} has no memory limit; one that is set on it can't be undone for what it ends.", "Start it with a limit, or use memory-pressure."));
        if (wanted >= limit)
            return ([], new($"{label} may use {limit >> 20} MiB; {wanted >> 20} MiB would not be less.", "Give a lower limit."));
        if (wanted <= GroupMemory.Used(group))
            return ([], new($"{label} uses {GroupMemory.Used(group) >> 20} MiB; with a limit of {wanted >> 20} MiB the kernel would end it at once.", "Give a limit above what is in use."));
        return (group.Unified ? [GroupSetting.Whole(Unified, group.Read(Unified)!, Text(wanted))] : Version1(group, limit, wanted), null);
    }

    private static IReadOnlyList<GroupSetting> Version1(ControlGroup group, long limit, long wanted)
    {
        var plain = GroupSetting.Whole(Plain, group.Read(Plain)!, Text(wanted));
        // Without swap accounting there is no such file; a limit that is none stays none.
        return group.Number(WithSwap) is < long.MaxValue / 2 and var withSwap
            ? [plain, GroupSetting.Whole(WithSwap, group.Read(WithSwap)!, Text(withSwap - limit + wanted))]
            : [plain];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
