namespace Pressure.Agent;

/// <summary>Version 1: a tree for each controller.</summary>
internal sealed class CgroupV1(ContainerPath path) : ICgroup
{
    /// <summary>The kernel writes the largest number of whole pages where there is no limit.</summary>
    private const ulong NoLimit = 1UL << 60;

    private readonly string _usage = path.Usage + "/cpuacct.usage";
    private readonly string _cpuStat = path.Cpu + "/cpu.stat";
    private readonly string _quota = path.Cpu + "/cpu.cfs_quota_us";
    private readonly string _period = path.Cpu + "/cpu.cfs_period_us";
    private readonly string _memory = path.Memory + "/memory.usage_in_bytes";
    private readonly string _memoryStat = path.Memory + "/memory.stat";

    public CgroupCpu? Cpu(KernelFiles files)
    {
        var used = files.Read(_usage).TrimEnd((byte)'\n');
        if (used.IsEmpty)
            return null;
        var time = TimeSpan.FromTicks((long)(KernelText.Number(used) / TimeSpan.NanosecondsPerTick));
        var stat = files.Read(_cpuStat);
        return new CgroupCpu(time, KernelText.Field(stat, "nr_periods"u8) ?? 0, KernelText.Field(stat, "nr_throttled"u8) ?? 0);
    }

    public double? CpuLimit(KernelFiles files)
    {
        // -1, which is no number here, for no limit.
        var quota = KernelText.Number(files.Read(_quota).TrimEnd((byte)'\n'));
        return quota > 0 && KernelText.Number(files.Read(_period).TrimEnd((byte)'\n')) is > 0 and var period ? (double)quota / period : null;
    }

    public CgroupMemory Memory(KernelFiles files)
    {
        var used = KernelText.Number(files.Read(_memory).TrimEnd((byte)'\n'));
        var stat = files.Read(_memoryStat);
        var cache = KernelText.Field(stat, "total_inactive_file"u8) ?? 0;
        // The tightest of its own limit and those of the groups that it is in.
        var limit = KernelText.Field(stat, "hierarchical_memory_limit"u8);
        return new CgroupMemory(KernelText.Long(KernelText.Passed(used, cache)), limit is > 0 and < NoLimit ? (long)limit : null);
    }
}
