using Pressure.Record;

namespace Pressure.Reports.Tests;

public class MachineFindingsTests
{
    private static readonly string Everything = Of(MachineRun.Build());

    private static string Of(RunRecord run, ReportLanguage language = ReportLanguage.En) => string.Join(
        "\n", Findings.Of(new ReportModel(run, Summarizer.Summarize(run), language)).Select(f => $"{f.Class}: {f.In(language)}"));

    /// <summary>The run without its spikes, with a host changed.</summary>
    private static string With(Func<HostSample, HostSample> change)
    {
        var run = MachineRun.Build(full: false);
        return Of(run with { Hosts = [.. run.Hosts.Select(h => h.Host == "web1" ? change(h with { Containers = null, Processes = null }) : h)] });
    }

    [Theory]
    [InlineData("System: The CPU limit held order-1 back: it used 99.")]
    [InlineData("System: Memory of order-1 came near its end: 93.8 % of 268 MB at the peak.")]
    [InlineData("Hardware: web2 moved ")]
    [InlineData("Program: item (Java, G1; service item on web2) ran 5 full collections, which stopped it for up to 480 ms, 1.65 s in all.")]
    [InlineData(": Old-generation cycles of order (.NET; service order on web1) are regular: 4, one every 21 s (21 s to 21 s).")]
    [InlineData(": Nothing is known for a while, or at all, of web2 (13 s)")]
    public void What_stands_out_is_told_with_its_figures(string expected) => Assert.Contains(expected, Everything, StringComparison.Ordinal);

    [Fact]
    public void A_healthy_host_is_no_finding()
    {
        var said = With(h => h);
        foreach (var nothing in (string[])["CPU of web1", "Network:", "full collection", "Garbage"])
            Assert.DoesNotContain(nothing, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_names_its_class_of_bottleneck()
    {
        Assert.Contains("Hardware: The CPU of web1 was 95 % busy", With(h => h with { Cpu = new(0.9, 0.05, 0, 0) }), StringComparison.Ordinal);
        Assert.Contains("System: The CPU of web1 was 95 % busy", With(h => h with { Cpu = new(0.3, 0.65, 0, 0) }), StringComparison.Ordinal);
        Assert.Contains("Hardware: The hypervisor took 20 % of the CPU time of web1", With(h => h with { Cpu = new(0.3, 0.1, 0, 0.2) }), StringComparison.Ordinal);
        Assert.Contains("Network: The network of web1 lost packets: 5 % of the TCP segments", With(h => h with { Tcp = new() { States = new Dictionary<string, int>(), SegmentsOut = 1_000, Retransmits = 50 } }), StringComparison.Ordinal);
        Assert.Contains("System: web1 refused 85 connections", With(h => h with { Tcp = new() { States = new Dictionary<string, int>(), SegmentsOut = 1_000, ListenDrops = 1 } }), StringComparison.Ordinal);
        Assert.Contains("Program: On web1 12 threads wanted to run on 4 cores", With(h => h with { RunQueue = new(12, 0) }), StringComparison.Ordinal);
        Assert.Contains("Hardware: The disk held web1 up", With(h => h with { Cpu = new(0.1, 0.1, 0.5, 0) }), StringComparison.Ordinal);
        Assert.Contains("Hardware: Memory of web1 came near its end: 97", With(h => h with { MemoryUsed = h.MemoryTotal / 100 * 97 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Old_cycles_that_come_closer_and_closer_are_a_heap_that_fills_up()
    {
        var run = MachineRun.Build(full: false);
        var item = run.Gc.First(g => g.Process == "item");
        double[] begins = [6, 26, 45, 60, 70, 76, 80, 83, 85];
        var cycles = begins.Select(at => item with { At = TimeSpan.FromSeconds(at), Kind = GcKind.ConcurrentCycle, Pause = TimeSpan.Zero, Collector = "CMS" });
        Assert.Contains("Program: Old-generation cycles of item", Of(run with { Gc = [.. run.Gc.Concat(cycles).OrderBy(g => g.At)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_races_and_stalls_are_told()
    {
        var run = MachineRun.Build(full: false);
        var item = run.Gc.First(g => g.Process == "item") with { At = TimeSpan.FromSeconds(30) };
        var said = Of(run with
        {
            Gc =
            [
                .. run.Gc,
                item with { Kind = GcKind.ConcurrentModeFailure, Pause = TimeSpan.FromMilliseconds(900) },
                item with { Kind = GcKind.AllocationStall, Pause = TimeSpan.FromMilliseconds(70), Duration = TimeSpan.FromMilliseconds(70) },
            ],
        });
        Assert.Contains("ran a full collection, which stopped it for 900 ms. In 1 of them the concurrent collector had lost its race", said, StringComparison.Ordinal);
        Assert.Contains("waited for memory 1 times, for up to 70 ms", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_points_keep_the_busiest_of_many()
    {
        var run = MachineRun.Fleet(seconds: 2);
        var point = Timeline.Point(run.Manifest, [run.Intervals[0]], [.. run.Hosts.Where(h => h.At.TotalSeconds < 1.5)], null, MachineRun.Build(seconds: 60).Gc);
        Assert.Equal((12, 12, 12), (point.Hosts.Count, point.Containers.Count, point.Gc.Count));
        Assert.Contains(point.Hosts, h => h.Name == "node20");
        Assert.DoesNotContain(point.Hosts, h => h.Name == "node01");
        Assert.Equal(480, point.Gc[0].Full);
        Assert.Equal(52, point.Gc[0].Second);
    }
}
