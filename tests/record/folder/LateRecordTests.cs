namespace Pressure.Record.Tests;

public sealed class LateRecordTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Folder => _temp.File("run");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void What_comes_late_is_added_once_however_often_it_is_tried()
    {
        EndedRun();
        var late = Late(2, 3, 4);

        Assert.Equal(4, late.AddTo(Folder));
        Assert.Equal(0, late.AddTo(Folder));
        Assert.Equal(3, Late(2, 3, 4, 5, 6, 7).AddTo(Folder));

        var run = RunFolder.Read(Folder);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], run.Hosts.Where(h => h.Host == "db1").Select(h => (int)h.At.TotalSeconds));
        Assert.Single(run.Hosts, h => h.Host == "web1");
        Assert.Single(run.Gc);
        Assert.Single(run.Events.OfType<TimelineEvent.HostHeard>());
        Assert.Empty(run.Recoveries);
        Assert.True(run.Ended);
    }

    [Fact]
    public void A_crash_between_two_records_costs_nothing_the_next_time()
    {
        EndedRun();
        Late(2, 3, 4).AddTo(Folder);
        var whole = RunFolder.Read(Folder);
        var hosts = File.ReadAllBytes(Path.Combine(Folder, RunFolder.HostsFile));
        var events = File.ReadAllBytes(Path.Combine(Folder, RunFolder.EventsFile));

        // The crash left any number of bytes of what was added, and events as they were before.
        for (var kept = hosts.Length - 1; kept > hosts.Length - 1_000; kept -= 37)
        {
            File.WriteAllBytes(Path.Combine(Folder, RunFolder.HostsFile), hosts[..kept]);
            Late(2, 3, 4).AddTo(Folder);
            var again = RunFolder.Read(Folder);
            Assert.Equal(whole.Hosts.Select(h => (h.Host, h.At)), again.Hosts.Select(h => (h.Host, h.At)));
            Assert.Single(again.Gc);
            Assert.Empty(again.Recoveries);
            Assert.Equal(events, File.ReadAllBytes(Path.Combine(Folder, RunFolder.EventsFile)));
        }
    }

    [Fact]
    public void A_run_that_goes_on_takes_nothing_from_outside()
    {
        using var run = RunFolder.Create(Folder, Sample.Manifest, "");
        run.Append(new TimelineEvent.RunStarted(TimeSpan.Zero));
        Assert.Throws<InvalidDataException>(() => Late(2).AddTo(Folder));
        Assert.Empty(RunFolder.Read(Folder).Hosts);
    }

    [Fact]
    public void A_second_silence_is_ended_by_a_second_return()
    {
        EndedRun(silences: 2);
        Late(2).AddTo(Folder);
        Assert.Equal(2, RunFolder.ReadEvents(Folder).Count(e => e is TimelineEvent.HostHeard));
    }

    private void EndedRun(int silences = 1)
    {
        using var run = RunFolder.Create(Folder, Sample.Manifest, "");
        run.Append(Sample.Host(1) with { Host = "db1" });
        run.Append(Sample.Host(1) with { Host = "web1" });
        for (var i = 0; i < silences; i++)
        {
            if (i > 0)
                run.Append(new TimelineEvent.HostHeard(TimeSpan.FromSeconds(2), "db1", TimeSpan.FromSeconds(1)));
            run.Append(new TimelineEvent.HostSilent(TimeSpan.FromSeconds(2), "db1", TimeSpan.FromSeconds(1)));
        }
        run.Append(new TimelineEvent.RunEnded(TimeSpan.FromSeconds(8)));
    }

    private static LateRecord Late(params int[] seconds) => new(
        "db1",
        [.. seconds.Select(s => Sample.Host(s) with { Host = "db1" })],
        [new GcEvent { Host = "db1", Process = "orders", Pid = 7, Runtime = GcRuntime.Jvm, Collector = "G1", At = TimeSpan.FromSeconds(2.5), Number = 3, Kind = GcKind.Young, Pause = TimeSpan.FromMilliseconds(4), Duration = TimeSpan.FromMilliseconds(4) }],
        new TimelineEvent.HostHeard(TimeSpan.FromSeconds(100), "db1", TimeSpan.FromSeconds(99)));
}
