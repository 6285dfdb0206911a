using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Bench;

/// <summary>Replays traffic out of memory and prints, in one line of key=value, how fast and how exactly it went out.</summary>
internal static class ReplayBench
{
    /// <param name="target">What is asked for.</param>
    /// <param name="rate">Requests per second at captured timing, or <c>max</c> for as fast as the target answers.</param>
    /// <param name="length">How long.</param>
    /// <param name="clients">Clients at a time.</param>
    /// <param name="each">Requests of each client, after which another one comes.</param>
    /// <param name="lanes">Event loops.</param>
    public static async Task RunAsync(Uri target, string rate, TimeSpan length, int clients, int each, int lanes)
    {
        var perSecond = rate == "max" ? double.PositiveInfinity : double.Parse(rate);
        using var traffic = new MemoryTraffic(target, perSecond, length, clients, each);
        var plan = new LoadPlan
        {
            Name = "bench",
            Target = target,
            // At captured timing it ends when the traffic does.
            Duration = rate == "max" ? length : length + TimeSpan.FromMinutes(1),
            Load = new Load.Replay(new() { Captures = ["memory"], Speed = rate == "max" ? double.PositiveInfinity : 1, Connections = clients }),
            Scenarios = [new Scenario("bench", 1, [new Step.Request { Name = "get", Method = "GET", Url = target, Service = target.Authority }])],
            Http = new HttpOptions { Insecure = true },
        };
        var clock = new RunClock(TimeProvider.System, TimeSpan.FromMilliseconds(500));
        var (total, warm) = (new Interval(0, 0, 1), new Interval(0, 0, 1));
        var busiest = 0.0;
        var allocated = 0L;
        await new LoadEngine(new EngineJob(Workload.Of(plan), "bench", lanes) { Replay = traffic }, clock).RunAsync(
            second =>
            {
                total.Add(second.Interval);
                if (second.Interval.Second == 1)
                    allocated = GC.GetTotalAllocatedBytes();
                // The first two seconds compile the code.
                if (second.Interval.Second < 2 || second.Interval.Second >= length.TotalSeconds)
                    return;
                warm.Add(second.Interval);
                busiest = Math.Max(busiest, second.BusiestLane);
            },
            CancellationToken.None);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        var (all, measured) = (total.Requests[0], warm.Requests[0]);
        var cpu = Environment.CpuUsage.TotalTime.TotalMicroseconds;
        Console.WriteLine(
            $"asked={all.Asked} sent={all.Sent} ok={all.Ok} failed={all.Failed} held={traffic.Held} perSecond={measured.Ok / (length.TotalSeconds - 2):0} "
            + $"cpuMicrosPerRequest={cpu / all.Sent:0.00} busiestLane={busiest:0.00} error50us={traffic.Errors.Percentile(50).TotalMicroseconds:0} "
            + $"error99us={traffic.Errors.Percentile(99).TotalMicroseconds:0} errorMaxus={traffic.Errors.Max.TotalMicroseconds:0} driftPercent={traffic.Drift * 100:0.00000} "
            + $"allocatedBytesPerRequest={allocated / Math.Max(1.0, measured.Ok):0.00} gen0={GC.CollectionCount(0)} errors={string.Join(',', all.Errors())}");
    }
}
