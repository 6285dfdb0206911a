using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What the load generator itself did in each second. Not thread-safe.</summary>
internal sealed class GeneratorMeter(RunClock clock)
{
    private TimeSpan _cpuBefore = Environment.CpuUsage.TotalTime;
    private TimeSpan _before = clock.Now;

    /// <summary>A sample for a closed second; CPU is that since the last one.</summary>
    public GeneratorSample Sample(EngineSecond second)
    {
        var (cpu, now) = (Environment.CpuUsage.TotalTime, clock.Now);
        var cores = (cpu - _cpuBefore).TotalSeconds / Math.Max(0.001, (now - _before).TotalSeconds);
        (_cpuBefore, _before) = (cpu, now);
        return new GeneratorSample
        {
            At = TimeSpan.FromSeconds(second.Interval.Second + 1),
            Cpu = cores,
            BusiestLane = second.BusiestLane,
            LateP50 = second.Interval.Lateness.Percentile(50),
            LateP99 = second.Interval.Lateness.Percentile(99),
            Backlog = BacklogOf(second.Interval),
            Memory = Environment.WorkingSet,
        };
    }

    private static double BacklogOf(Interval second)
    {
        var asked = second.Requests.Sum(r => r.Asked);
        return asked == 0 ? 0 : Math.Max(0, 1 - (double)second.Requests.Sum(r => r.Sent) / asked);
    }
}
