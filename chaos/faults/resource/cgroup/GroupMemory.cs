namespace Pressure.Faults;

/// <summary>Memory of a control group, in bytes.</summary>
internal static class GroupMemory
{
    /// <summary>From here on version 1 means no limit: the largest number of whole pages.</summary>
    private const long Unlimited = long.MaxValue / 2;

    /// <summary>What it may use; null if there is no limit.</summary>
    public static long? Limit(ControlGroup group) => group.Number(group.Unified ? "memory.max" : "memory.limit_in_bytes") is < Unlimited and var limit ? limit : null;

    /// <summary>What it uses, without what the kernel keeps of files and can drop at any time.</summary>
    public static long Used(ControlGroup group) =>
        (group.Number(group.Unified ? "memory.current" : "memory.usage_in_bytes") ?? 0) - group.Figure("memory.stat", group.Unified ? "inactive_file" : "total_inactive_file");
}
