using BenchmarkDotNet.Attributes;
using Pressure.Record;

namespace Pressure.Bench.Micro;

/// <summary>What it costs to write a time down, and to read percentiles of a second.</summary>
[MemoryDiagnoser]
public class RecorderBenchmarks
{
    private readonly Histogram _histogram = new();
    private readonly Histogram _other = new();
    private readonly TimeSpan[] _times = new TimeSpan[1024];
    private int _next;

    /// <summary>Times as of a real target: most near 1 ms, some up to 1 s.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (var i = 0; i < _times.Length; i++)
            _times[i] = TimeSpan.FromMilliseconds(Math.Pow(10, random.NextDouble() * 3));
        foreach (var time in _times)
        {
            _histogram.Record(time);
            _other.Record(time);
        }
    }

    [Benchmark]
    public void Record_one_time() => _histogram.Record(_times[_next++ & 1023]);

    [Benchmark]
    public TimeSpan Read_the_99th_percentile() => _other.Percentile(99);

    [Benchmark]
    public void Add_a_second_to_a_total() => _histogram.Add(_other);
}
