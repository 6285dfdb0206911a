using System.Text.Json;
using Pressure.Record;

namespace Pressure.Reports.Tests;

public class MachineSummaryTests
{
    private static readonly RunSummary Summary = Summarizer.Summarize(MachineRun.Build());

    private static HostSummary Host(string name) => Summary.Hosts.Single(h => h.Name == name);

    [Fact]
    public void A_gap_is_counted_and_is_neither_zero_nor_part_of_a_mean()
    {
        var silent = Host("web2");
        Assert.Equal(new GapSummary(1, 13), silent.Gaps);
        Assert.InRange(silent.Cpu.Mean, 0.57, 0.65);
        Assert.Equal(0, Host("web1").Gaps.Count);
    }

    [Fact]
    public void A_gap_at_the_begin_or_the_end_counts_and_a_host_that_never_spoke_is_named()
    {
        var run = MachineRun.Build();
        var late = Summarizer.Summarize(run with
        {
            Hosts = [.. run.Hosts.Where(h => h.Host == "local" || (h.Host == "web1" && h.At.TotalSeconds is > 20 and < 70))],
            Gc = [],
        });
        Assert.Equal(["web2"], late.SilentHosts);
        var gaps = late.Hosts.Single(h => h.Name == "web1").Gaps;
        // Measured from 5 to 90: nothing from 5 to 20, nothing from 69 to 90.
        Assert.Equal(2, gaps.Count);
        Assert.InRange(gaps.Seconds, 34, 37);
    }

    [Fact]
    public void A_tick_that_slips_and_samples_further_apart_leave_no_holes()
    {
        var plain = MachineRun.Build();
        var sample = plain.Hosts.First(h => h.Host == "local");
        Series Busy(IEnumerable<HostSample> samples)
        {
            var run = plain with { Hosts = [.. samples], Gc = [] };
            return Machines.Of(run, MeasuredRun.Of(run)).Hosts.Single(h => h.Name == "local")["busy"]!;
        }

        var slipping = Busy(Enumerable.Range(1, 80).Select(i => sample with { At = TimeSpan.FromSeconds(i * 1.04) }));
        Assert.All(Enumerable.Range(0, 83), second => Assert.False(float.IsNaN(slipping[second]), $"second {second}"));
        var coarse = Busy(Enumerable.Range(1, 16).Select(i => sample with { At = TimeSpan.FromSeconds(i * 5), Over = TimeSpan.FromSeconds(5) }));
        Assert.All(Enumerable.Range(0, 80), second => Assert.False(float.IsNaN(coarse[second]), $"second {second}"));
        Assert.True(float.IsNaN(coarse[81]));
    }

    [Fact]
    public void What_is_no_number_spoils_no_mean()
    {
        var run = MachineRun.Build();
        var spoilt = run.Hosts.Select((h, i) => i % 50 == 0 ? h with { Cpu = new(double.NaN, 0, 0, 0), Load = new(double.PositiveInfinity, 0, 0) } : h);
        var summary = Summarizer.Summarize(run with { Hosts = [.. spoilt] });
        Assert.All(summary.Hosts, h => Assert.True(double.IsFinite(h.Cpu.Mean) && double.IsFinite(h.Load1.Peak)));
        Assert.NotEmpty(SummaryFile.Write(summary));
    }

    [Fact]
    public void Containers_are_measured_by_their_own_limits_and_else_by_their_hosts()
    {
        var containers = Host("web1").Containers.ToDictionary(c => c.Name);
        Assert.InRange(containers["order-1"].CpuShare.Mean, 0.97, 1.03);
        Assert.InRange(containers["gateway-1"].CpuShare.Mean, 0.13, 0.17);
        Assert.Equal(240.0 / 256, containers["order-1"].MemoryShare!.Peak, 3);
        Assert.Equal(210.0 / 8192, containers["gateway-1"].MemoryShare!.Peak, 3);
        Assert.InRange(containers["order-1"].Throttled!.Mean, 0.35, 0.65);
    }

    [Fact]
    public void Collections_add_up_to_what_was_told()
    {
        var told = MachineRun.Build().Gc.Where(g => g.Process == "item" && g.At.TotalSeconds is >= 5 and < 90).ToList();
        var item = Summary.Gc.Single(g => g.Process == "item");
        Assert.Equal((told.Count, 5, 480.0, "jvm", "G1", "item", "web2"), ((int)item.Collections, (int)item.Full, item.PauseMax, item.Runtime, item.Collector, item.Service!, item.Host));
        Assert.Equal(told.Sum(g => g.Pause.TotalMilliseconds), item.PauseTotal, 2);
        // Of 85 measured seconds 13 are unknown.
        Assert.Equal(item.PauseTotal / 72_000, item.StoppedShare, 3);
        Assert.Equal(told.Count, item.Kinds.Values.Sum());
        var order = Summary.Gc.Single(g => g.Process == "order");
        Assert.Equal((4, 21.0, 0.0), (order.OldCycles.Count, order.OldCycles.MeanInterval!.Value, order.OldCycles.Variation!.Value));
    }

    [Fact]
    public void A_service_has_its_requests_and_what_works_for_it()
    {
        var item = Summary.ByService.Single(s => s.Name == "item");
        Assert.Equal(85 * 60, item.Sent);
        Assert.Equal(["web2 item-1 item"], [string.Join(' ', item.Hosts.Concat(item.Containers).Concat(item.Processes))]);
        Assert.Equal(5, item.Gc!.Full);
        Assert.True(item.Cpu!.Peak > 0.6);
    }

    [Fact]
    public void A_service_that_is_not_pressed_itself_is_told_too()
    {
        var run = MachineRun.Build();
        var summary = Summarizer.Summarize(run with { Manifest = run.Manifest with { Requests = [.. run.Manifest.Requests.Select(r => r with { Service = "gateway" })] } });
        Assert.Equal(["gateway", "item", "order"], summary.ByService.Select(s => s.Name));
        Assert.Equal(0, summary.ByService[1].Sent);
    }

    [Fact]
    public void Keys_of_machines_are_stable()
    {
        using var json = JsonDocument.Parse(SummaryFile.Write(Summary));
        string Keys(JsonElement element) => string.Join(" ", element.EnumerateObject().Select(p => p.Name));
        var web1 = json.RootElement.GetProperty("hosts")[1];
        Assert.Equal("process runtime collections pauseTotal pauseMax full host pid container service collector pauseP99 fullMax stoppedShare allocationRate heap kinds oldCycles stalls", Keys(json.RootElement.GetProperty("gc")[0]));
        Assert.Equal("name id service cpu cpuShare cpuLimit throttled memory memoryShare memoryLimit network restarts", Keys(web1.GetProperty("containers")[0]));
        Assert.Equal("name pid container service cpu cpuShare rss memoryShare threads descriptors gcShare", Keys(web1.GetProperty("processes")[0]));
        Assert.Equal("mean peak share", Keys(web1.GetProperty("retransmits")));
        Assert.Equal("count seconds", Keys(web1.GetProperty("gaps")));
        Assert.Equal("collections pauseTotal pauseMax full stoppedShare", Keys(json.RootElement.GetProperty("byService")[0].GetProperty("gc")));
    }

    [Fact]
    public void Records_without_agents_are_summarized_as_before()
    {
        var summary = Summarizer.Summarize(DemoRun.Build());
        Assert.Empty(summary.Gc);
        Assert.Empty(summary.SilentHosts);
        var local = Assert.Single(summary.Hosts);
        Assert.Empty(local.Containers);
        Assert.Null(local.Retransmits);
        Assert.Equal(0, local.Gaps.Count);
    }
}
