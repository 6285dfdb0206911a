namespace Pressure.Agent;

/// <summary>CPU of a control group since it was made.</summary>
/// <param name="Used">CPU time.</param>
/// <param name="Periods">Periods of its limit that have passed.</param>
/// <param name="Throttled">Those in which it was held back.</param>
internal readonly record struct CgroupCpu(TimeSpan Used, ulong Periods, ulong Throttled);

/// <summary>Memory of a control group.</summary>
/// <param name="Used">Bytes without page cache that can be given back.</param>
/// <param name="Limit">Bytes that it may use; null for all.</param>
internal readonly record struct CgroupMemory(long Used, long? Limit);

/// <summary>A container's control groups.</summary>
internal interface ICgroup
{
    /// <summary>Its CPU; null if it is gone.</summary>
    CgroupCpu? Cpu(KernelFiles files);

    /// <summary>Cores that it may use; null for all.</summary>
    double? CpuLimit(KernelFiles files);

    /// <summary>Its memory.</summary>
    CgroupMemory Memory(KernelFiles files);
}
