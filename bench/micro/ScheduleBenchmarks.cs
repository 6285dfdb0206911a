using BenchmarkDotNet.Attributes;
using Pressure.LoadGen;

namespace Pressure.Bench.Micro;

/// <summary>What it costs to know when a request is due, on a ramp.</summary>
[MemoryDiagnoser]
public class ScheduleBenchmarks
{
    private Schedule _schedule = null!;
    private StartCursor _cursor = null!;
    private long _next;

    [Params(Arrivals.Uniform, Arrivals.Poisson)]
    public Arrivals Arrivals { get; set; }

    [GlobalSetup]
    public void Create()
    {
        var (from, to) = (new Rate(1000, TimeSpan.FromSeconds(1)), new Rate(50_000, TimeSpan.FromSeconds(1)));
        _schedule = Schedule.Create([new Stage(from, to, TimeSpan.FromMinutes(10))], Arrivals, seed: 1);
        _cursor = _schedule.OpenCursor();
    }

    [Benchmark]
    public TimeSpan Next_start_by_cursor() => _cursor.IntendedStart(_next = (_next + 1) % _schedule.Count);

    [Benchmark]
    public TimeSpan Any_start() => _schedule.IntendedStart(_next = (_next + 7919) % _schedule.Count);
}
