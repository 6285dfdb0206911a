using System.Diagnostics;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.TestKit;

namespace Pressure.Cluster.Tests;

/// <summary>
/// Twelve hours in accelerated time: the clock is turned, the engine only plays seconds, all else is as in a real run. Nothing else may
/// run meanwhile: memory is that of the whole process.
/// </summary>
[CollectionDefinition(nameof(LongRunTests), DisableParallelization = true)]
[Collection(nameof(LongRunTests))]
public sealed class LongRunTests(ITestOutputHelper output) : IDisposable
{
    private const int Hours12 = 43_200;
    private const int Requests = 5;
    private const int PerSecond = 50;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact(Timeout = 600_000)]
    public async Task Memory_stays_flat_over_twelve_hours_and_so_does_that_of_the_report()
    {
        var time = new FakeTime();
        var host = new PlayedHost();
        var heaps = new List<long>();
        var seconds = Seconds();
        var coordinator = new Coordinator(time)
        {
            Engine = async (_, _, onSecond, stop) =>
            {
                time.Advance(TimeSpan.FromMilliseconds(500));
                for (var second = 0; second < Hours12; second++)
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    await host.Sampled.WaitAsync(stop);
                    var interval = new Interval(0, second, Requests);
                    interval.Add(seconds[second % seconds.Count]);
                    onSecond(new EngineSecond(interval, 0.3));
                    // The live view is full after two hours.
                    if (second is LiveFeed.MostSeconds or Hours12 / 2 or Hours12 - 1)
                        heaps.Add(GC.GetTotalMemory(forceFullCollection: true));
                }
            },
        };
        var read = PlanReader.Parse($$"""
            name: soak
            target: http://127.0.0.1:9
            load: { rate: {{Requests * PerSecond}}/s, duration: 12h, warmUp: 1m }
            scenarios: [ { steps: [ {{string.Join(", ", Enumerable.Range(0, Requests).Select(i => $"{{ get: /{i} }}"))}} ] } ]
            abort: [ { when: { http_req_failed: rate > 50% }, over: 1h } ]
            thresholds: [ { http_req_duration: p(99) < 500ms }, { host_cpu: max < 90% } ]
            """, "soak.yaml");
        Assert.Empty(read.Problems);

        var clock = Stopwatch.StartNew();
        var run = coordinator.Start(new RunRequest(read.Plan!, read.Text, _temp.File("run"), [host], new ReportOptions(Pdf: false)));
        await foreach (var (_, update) in run.Live.Follow(0, TestContext.Current.CancellationToken))
        {
            if (update is LiveUpdate.Reporting)
                break;
        }
        var ran = clock.Elapsed;
        var peak = await PeakHeapWhile(run.Completion);
        var outcome = await run.Completion;

        output.WriteLine($"12 h played in {ran.TotalSeconds:0.0} s; heap after 2, 6 and 12 h: {string.Join(", ", heaps.Select(h => $"{h / 1e6:0.0} MB"))}");
        output.WriteLine($"on disk: {string.Join(", ", Directory.GetFiles(run.Folder).Select(f => $"{Path.GetFileName(f)} {new FileInfo(f).Length / 1e6:0.00} MB"))}");
        output.WriteLine($"read and reported in {(clock.Elapsed - ran).TotalSeconds:0.0} s, heap up to {peak / 1e6:0} MB");
        Assert.Equal((Verdict.Passed, (Hours12 - 60L) * Requests * PerSecond), (outcome.Summary.Verdict, outcome.Summary.Requests.Ok));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var record = RunFolder.Read(run.Folder);
        output.WriteLine($"the record in memory: {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:0} MB");
        Assert.Equal(Hours12, record.Intervals.Count);
        Assert.InRange(heaps[2] - heaps[0], long.MinValue, 4_000_000);
        // A report reads every second of the run, packed; its charts have as many points as a screen can show.
        Assert.InRange(new FileInfo(outcome.Files!.Html!).Length, 1, 5_000_000);
        Assert.InRange(peak, 1, 450_000_000);
    }

    private static async Task<long> PeakHeapWhile(Task task)
    {
        var peak = 0L;
        while (await Task.WhenAny(task, Task.Delay(20, TestContext.Current.CancellationToken)) != task)
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
        return Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
    }

    /// <summary>A minute of seconds as a real target would give them: no two alike.</summary>
    private static List<Interval> Seconds()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 60).Select(second =>
        {
            var interval = new Interval(0, second, Requests);
            foreach (var request in interval.Requests)
            {
                request.Asked = request.Sent = request.Ok = PerSecond;
                request.CountStatus(200, PerSecond);
                for (var i = 0; i < PerSecond; i++)
                {
                    var service = TimeSpan.FromMilliseconds(Math.Exp(2 + random.NextDouble()));
                    request.ServiceTime.Record(service);
                    request.ResponseTime.Record(service + TimeSpan.FromMicroseconds(random.Next(200)));
                    interval.Lateness.Record(TimeSpan.FromMicroseconds(random.Next(100)));
                }
            }
            return interval;
        })];
    }

    private sealed class PlayedHost : IHostSource
    {
        public SemaphoreSlim Sampled { get; } = new(0);

        public string Host => "local";

        public HostSample? Sample(TimeSpan at)
        {
            Sampled.Release();
            return new()
            {
                Host = Host,
                At = at,
                Cores = 2,
                Cpu = new(0.3, 0.1, 0, 0),
                Load = new(1, 1, 1),
                MemoryTotal = 1_000_000_000,
                MemoryUsed = 500_000_000,
                Network = new(1_000, 1_000),
                Disk = new(0, 100),
                Sockets = 100,
            };
        }
    }
}
