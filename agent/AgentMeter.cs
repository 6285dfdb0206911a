using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What this very process uses.</summary>
internal sealed class AgentMeter(KernelFiles files, string proc, TimeProvider time)
{
    private (long At, TimeSpan Cpu)? _before;

    /// <summary>Its use since the last call; null when there is nothing to compare with yet.</summary>
    public AgentUse? Use()
    {
        var now = (At: time.GetTimestamp(), Cpu: Environment.CpuUsage.TotalTime);
        var before = _before;
        _before = now;
        if (before is not { } then || time.GetElapsedTime(then.At, now.At) is var elapsed && elapsed <= TimeSpan.Zero)
            return null;
        var pages = ProcessStat.Parse(files.Read(proc + "/self/stat"))?.RssPages ?? 0;
        return new AgentUse((now.Cpu - then.Cpu) / elapsed, (long)Math.Min(pages, (ulong)(long.MaxValue / Environment.SystemPageSize)) * Environment.SystemPageSize);
    }
}
