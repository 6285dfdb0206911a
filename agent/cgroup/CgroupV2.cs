namespace Pressure.Agent;

/// <summary>Version 2: one folder for everything.</summary>
internal sealed class CgroupV2(string? folder) : ICgroup
{
    private readonly string _cpuStat = folder + "/cpu.stat";
    private readonly string _cpuMax = folder + "/cpu.max";
    private readonly string _memory = folder + "/memory.current";
    private readonly string _memoryStat = folder + "/memory.stat";
    private readonly string _memoryMax = folder + "/memory.max";

    public CgroupCpu? Cpu(KernelFiles files)
    {
        var stat = files.Read(_cpuStat);
        if (KernelText.Field(stat, "usage_usec"u8) is not { } microseconds)
            return null;
        var used = TimeSpan.FromTicks(KernelText.Long(Math.Min(microseconds, long.MaxValue / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond));
        return new CgroupCpu(used, KernelText.Field(stat, "nr_periods"u8) ?? 0, KernelText.Field(stat, "nr_throttled"u8) ?? 0);
    }

    /// <remarks><c>max 100000</c> or <c>50000 100000</c>.</remarks>
    public double? CpuLimit(KernelFiles files)
    {
        var words = new Words(files.Read(_cpuMax).TrimEnd((byte)'\n'));
        var (quota, period) = (words.Number(), words.Number());
        return quota > 0 && period > 0 ? (double)quota / period : null;
    }

    public CgroupMemory Memory(KernelFiles files)
    {
        var used = KernelText.Number(files.Read(_memory).TrimEnd((byte)'\n'));
        var cache = KernelText.Field(files.Read(_memoryStat), "inactive_file"u8) ?? 0;
        // "max" is no number.
        var limit = KernelText.Number(files.Read(_memoryMax).TrimEnd((byte)'\n'));
        return new CgroupMemory(KernelText.Long(KernelText.Passed(used, cache)), limit > 0 ? KernelText.Long(limit) : null);
    }
}
