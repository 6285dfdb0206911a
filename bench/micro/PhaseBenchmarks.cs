using BenchmarkDotNet.Attributes;
using Pressure.LoadGen.Engine;
using Pressure.Record;

namespace Pressure.Bench.Micro;

/// <summary>What timing the phases adds to a request on a kept connection, beside writing down its two times.</summary>
[MemoryDiagnoser]
public class PhaseBenchmarks
{
    private readonly RequestInterval _counts = new();
    private readonly PhaseWatch _watch = new();
    private readonly TimeSpan[] _times = new TimeSpan[1024];
    private int _next;

    /// <summary>Times as of a real target: most near 1 ms, some up to 1 s; the arrays of counts are there.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (var i = 0; i < _times.Length; i++)
            _times[i] = TimeSpan.FromMilliseconds(Math.Pow(10, random.NextDouble() * 3));
        for (var i = 0; i < 4096; i++)
        {
            Without_phases();
            With_phases();
            With_phases_when_blocked();
        }
    }

    [Benchmark(Baseline = true)]
    public void Without_phases()
    {
        var time = _times[_next++ & 1023];
        _counts.ResponseTime.Record(time);
        _counts.ServiceTime.Record(time);
    }

    [Benchmark]
    public void With_phases() => Time(TimeSpan.Zero);

    [Benchmark]
    public void With_phases_when_blocked() => Time(TimeSpan.FromMilliseconds(3));

    private void Time(TimeSpan blocked)
    {
        var time = _times[_next++ & 1023];
        var (due, sent) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) + blocked);
        _watch.Begin(due);
        _watch.Leave(sent);
        _watch.Enter(RequestPhase.Sending, sent);
        _watch.Enter(RequestPhase.Waiting, sent);
        _watch.Leave(sent + time);
        _counts.ResponseTime.Record(time);
        _counts.ServiceTime.Record(time);
        _watch.Record(_counts.Phases);
    }
}
