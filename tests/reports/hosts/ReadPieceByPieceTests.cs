using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.Reports.Tests;

public sealed class ReadPieceByPieceTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_run_on_disk_says_the_same_as_in_memory_also_where_an_agent_told_late()
    {
        var run = MachineRun.Build();
        run = run with
        {
            Manifest = run.Manifest with { Thresholds = [new("host_cpu", "avg < 80%"), new("gc_pause{service:item}", "max < 300ms"), new("container_throttled", "avg < 1%")] },
            Hosts = [.. run.Hosts.Where(h => h.At.TotalSeconds < 55 || h.At.TotalSeconds > 60)],
        };
        var folder = _temp.File("run");
        using (var writer = RunFolder.Create(folder, run.Manifest, run.PlanText))
        {
            foreach (var interval in run.Intervals)
                writer.Append(interval);
            foreach (var what in run.Events)
                writer.Append(what);
            foreach (var sample in run.Generator)
                writer.Append(sample);
            foreach (var collection in run.Gc)
                writer.Append(collection);
            // web1 was cut off from second 20 to 40 and told that part when all others had told everything.
            bool IsLate(HostSample h) => h.Host == "web1" && h.At.TotalSeconds is > 20 and < 40;
            foreach (var sample in run.Hosts.Where(h => !IsLate(h)).Concat(run.Hosts.Where(IsLate)))
                writer.Append(sample);
        }

        var (summary, _) = await ReportWriter.WriteAsync(folder, new(Html: false, Pdf: false), TestContext.Current.CancellationToken);

        Assert.Equal(SummaryFile.Write(Summarizer.Summarize(RunFolder.Read(folder))), SummaryFile.Write(summary));
        Assert.Equal(SummaryFile.Write(Summarizer.Summarize(run)), SummaryFile.Write(summary));
        Assert.Equal([true, false, false], summary.Thresholds.Select(t => t.Passed));
    }

    [Fact]
    public void Of_a_long_run_peaks_stay_what_they_are_and_curves_get_coarser()
    {
        var manifest = MachineRun.Build(seconds: 10).Manifest with { Duration = TimeSpan.FromHours(12) };
        var machines = new Machines(manifest, _ => true);
        var sample = MachineRun.Build(seconds: 10).Hosts.First(h => h.Host == "local");
        for (var second = 0; second < 43_200; second++)
            machines.Take(sample with { At = TimeSpan.FromSeconds(second + 1), Cpu = new(second == 30_001 ? 0.9 : 0.2, 0, 0, 0) });
        var busy = machines.Hosts.Single(h => h.Name == "local")["busy"]!;
        Assert.Equal((43_200, 0.9), (busy.Count, Math.Round(busy.Peak, 6)));
        Assert.Equal(7_200, busy.Known().Count());
        Assert.Equal(0.9f, busy[30_003]);
        Assert.Empty(machines.Hosts.Single(h => h.Name == "local").GapsWithin(TimeSpan.Zero, TimeSpan.FromHours(12)));
    }
}
