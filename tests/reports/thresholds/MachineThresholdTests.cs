using Pressure.Record;

namespace Pressure.Reports.Tests;

public class MachineThresholdTests
{
    private static readonly HostManifest[] Agents = [new("web1", new Dictionary<string, string> { ["service"] = "shop" }), new("web2", new Dictionary<string, string> { ["service"] = "item" })];

    private static ThresholdResult Judge(string metric, string expression, params RunRecord[] given)
    {
        var run = given.Length > 0 ? given[0] : TwoHosts();
        run = run with { Manifest = run.Manifest with { Thresholds = [new(metric, expression)] } };
        return Assert.Single(Summarizer.Summarize(run).Thresholds);
    }

    /// <summary>Ten seconds: web1 is half busy, web2 nearly full; a container of web2 is held back; its process collects.</summary>
    private static RunRecord TwoHosts()
    {
        var run = RunBuilder.New().Manifest(m => m with { Hosts = ["web1", "web2"], Agents = Agents }).Seconds(10, ok: 5);
        for (var second = 0; second < 10; second++)
        {
            run.Host(Host("web1", second, 0.5));
            run.Host(Host("web2", second, second == 4 ? 1 : 0.9) with
            {
                Containers = [new() { Id = "1", Name = "item-1", Service = "item", Cpu = 0.9, CpuLimit = 1, Throttled = 0.2, Memory = 60, MemoryLimit = 80 }],
                Processes = [Process("item", 7, new(1, 0, 1)), Process("idle", 8, new(1, 0, 1)), Process("native", 9, null)],
            });
        }
        return run.Build() with { Gc = [Gc(2, 30, GcKind.Young), Gc(4, 400, GcKind.Full), Gc(6, 10, GcKind.Young), Gc(7, 5_000, GcKind.AllocationStall)] };
    }

    private static HostSample Host(string name, int second, double busy) => new()
    {
        Host = name,
        At = TimeSpan.FromSeconds(second + 1),
        Cores = 2,
        Cpu = new(busy, 0, 0, 0),
        Load = new(busy * 3, 0, 0),
        MemoryTotal = 100,
        MemoryUsed = 50,
        Network = new(0, 0),
        Disk = new(0, 0),
        Sockets = 0,
    };

    private static ProcessSample Process(string name, int pid, GcRates? gc) =>
        new() { Pid = pid, Name = name, Container = "item-1", Service = "item", Cpu = 0.1, Rss = 1, Threads = 1, Gc = gc };

    private static GcEvent Gc(double at, double milliseconds, GcKind kind) => new()
    {
        Host = "web2",
        Process = "item",
        Pid = 7,
        Container = "item-1",
        Service = "item",
        Runtime = GcRuntime.Jvm,
        Collector = "G1",
        At = TimeSpan.FromSeconds(at),
        Kind = kind,
        Pause = TimeSpan.FromMilliseconds(milliseconds),
        Duration = TimeSpan.FromMilliseconds(milliseconds),
    };

    [Theory]
    [InlineData("host_cpu", "avg < 80%", false, "91 % (web2)")]
    [InlineData("host_cpu", "avg < 95%", true, "91 % (web2)")]
    [InlineData("host_cpu", "avg > 40%", true, "50 % (web1)")]
    [InlineData("host_cpu", "max < 99%", false, "100 % (web2)")]
    [InlineData("host_cpu{host:web1}", "max < 60%", true, "50 %")]
    [InlineData("host_cpu{service:item}", "max < 60%", false, "100 %")]
    [InlineData("host_load_per_core", "max <= 1.5", true, "1.5 (web2)")]
    [InlineData("container_cpu", "avg < 85%", false, "90 %")]
    [InlineData("container_throttled{container:item-1}", "avg < 10%", false, "20 %")]
    [InlineData("container_memory", "max < 80%", true, "75 %")]
    public void Every_machine_must_hold_by_itself_and_the_worst_is_named(string metric, string expression, bool passed, string actual)
    {
        var result = Judge(metric, expression);
        Assert.Equal((passed, actual, null), (result.Passed, result.ActualText, result.Error));
    }

    [Theory]
    [InlineData("gc_pause", "max < 300ms", false, "400 ms (item, web2)")]
    [InlineData("gc_pause", "avg < 200ms", true, "147 ms (item, web2)")]
    [InlineData("gc_pause", "p(99) < 1s", true, "400 ms (item, web2)")]
    [InlineData("gc_time{process:item}", "rate < 1%", false, "4.4 % (item, web2)")]
    [InlineData("gc_full", "count < 1", false, "1 (item, web2)")]
    [InlineData("gc_full{process:idle}", "count < 1", true, "0 (idle, web2)")]
    public void Collections_are_judged_process_by_process_and_waiting_for_memory_is_no_pause(string metric, string expression, bool passed, string actual)
    {
        var result = Judge(metric, expression);
        Assert.Equal((passed, actual, null), (result.Passed, result.ActualText, result.Error));
    }

    [Theory]
    [InlineData("host_cpu{host:web9}", "avg < 80%")]
    [InlineData("gc_full{process:native}", "count < 1")]
    [InlineData("container_cpu{service:shop}", "avg < 80%")]
    public void What_was_never_measured_is_an_error_and_no_pass(string metric, string expression)
    {
        var result = Judge(metric, expression);
        Assert.False(result.Passed);
        Assert.Contains("Nothing was measured", result.Error!, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_host_that_is_busy_for_the_whole_window_ends_the_run_however_idle_the_others_are()
    {
        var window = Window("host_cpu", "avg > 85%", 30);
        TimelineEvent.Aborted? fired = null;
        var second = 0;
        for (; second < 100 && fired is null; second++)
            fired = window.Add(new(0, second, 1), [Host("web1", second, 0.1), Host("web2", second, second < 20 ? 0.2 : 0.9)]);
        // Of thirty seconds above 85 % on average, at most two may be at 20 %.
        Assert.Equal((20 + 28, "85.3 % (web2)"), (second, fired?.Actual));
    }

    [Fact]
    public void One_sample_of_a_host_that_fell_silent_does_not_end_a_run()
    {
        var window = Window("host_cpu", "avg > 85%", 10);
        for (var second = 0; second < 40; second++)
            Assert.Null(window.Add(new(0, second, 1), second == 15 ? [Host("web2", second, 1)] : []));
    }

    [Fact]
    public void Collections_end_a_run_too()
    {
        var window = Window("gc_pause{service:item}", "max > 300ms", 5);
        for (var second = 0; second < 10; second++)
            Assert.Null(window.Add(new(0, second, 1), [], [Gc(second, 100, GcKind.Full)]));
        Assert.Equal("400 ms (item, web2)", window.Add(new(0, 10, 1), [], [Gc(10, 400, GcKind.Full)])?.Actual);
    }

    [Fact]
    public void Full_collections_are_counted_over_the_window()
    {
        var window = Window("gc_full", "count > 2", 10);
        Assert.Equal(12, Enumerable.Range(0, 40).First(second => window.Add(new(0, second, 1), [], second >= 10 ? [Gc(second, 1, GcKind.Full)] : []) is not null));
    }

    private static AbortWindow Window(string metric, string expression, int over)
    {
        Assert.True(Threshold.TryParse(metric, expression, out var when, out var error), error);
        return new(new(when!, TimeSpan.FromSeconds(over), TimeSpan.Zero), [new("home", "s", "GET", "http://h/", "shop", 1)], Agents);
    }
}
