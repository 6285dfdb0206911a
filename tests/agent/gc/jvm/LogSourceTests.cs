namespace Pressure.Agent.Tests;

public sealed class LogSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<LoggedGc> _events = [];

    [Fact]
    public void Numbered_files_of_JDK_8_are_followed_from_one_to_the_next()
    {
        Write("gc.log.0.current", "CommandLine flags: -XX:+UseParallelGC\n1.0: [GC (Allocation Failure)  3K->1K(9K), 0.0010000 secs]\n");
        using var source = Source("gc.log");
        Assert.True(source.Look());

        Write("gc.log.0.current", "2.0: [GC (Allocation Failure)  3K->1K(9K), 0.0020000 secs]\n3.0: [Full GC (Ergonomics)  3K->1K(9K), 0.0030000 secs]\n");
        File.Move(_folder.File("gc.log.0.current"), _folder.File("gc.log.0"));
        Write("gc.log.1.current", "4.0: [GC (Allocation Failure)  3K->1K(9K), 0.0040000 secs]\n");
        source.Look();
        Write("gc.log.1.current", "5.0: [GC (Allocation Failure)  3K->1K(9K), 0.0050000 secs]\n");
        source.Look();

        Assert.Equal([2, 3, 4, 5], _events.Select(e => e.Pause.TotalMilliseconds));
        Assert.All(_events, e => Assert.Equal("Parallel", e.Collector));
    }

    [Fact]
    public void A_line_that_is_written_in_two_halves_is_one_event()
    {
        Write("gc.log", "[0.003s][info][gc] Using Serial\n[1.000s][info][gc] GC(0) Pause Full (Sys");
        using var source = Source("gc.log");
        source.Look();
        Assert.Empty(_events);

        Write("gc.log", "tem.gc()) 3M->1M(9M) 4.000m");
        source.Look();
        Assert.Empty(_events);
        Write("gc.log", "s\n");
        source.Look();

        Assert.Equal("Full 'System.gc()' 4ms 3M->1M(9M)", _events.Lines());
        Assert.Equal("Serial", _events[0].Collector);
    }

    [Fact]
    public void While_it_is_rotated_again_and_again_no_collection_is_lost_or_doubled()
    {
        Write("gc.log", "[0.003s][info][gc] Using Serial\n");
        using var source = Source("gc.log");
        source.Look();
        var written = File.GetLastWriteTimeUtc(_folder.File("gc.log"));
        for (var n = 0; n < 30; n++)
        {
            Write("gc.log", $"[1.000s][info][gc] GC({n}) Pause Full (System.gc()) 3M->1M(9M) 4.000ms\n");
            File.SetLastWriteTimeUtc(_folder.File("gc.log"), written.AddSeconds(n));
            if (n % 3 == 1)
                File.Move(_folder.File("gc.log"), _folder.File($"gc.log.{n / 3 % 4}"), overwrite: true);
            if (n % 4 == 2)
                source.Look();
        }

        source.Look();

        Assert.Equal(Enumerable.Range(0, 30).Select(n => (long?)n), _events.Select(e => e.Number));
    }

    [Fact]
    public async Task A_log_that_is_promised_and_never_comes_is_told_of()
    {
        var time = new FakeTime();
        var ears = new GcEars();
        Directory.CreateDirectory(_folder.File("77/root/tmp"));
        Directory.CreateDirectory(_folder.File("77/cwd"));
        var process = new WatchedProcess(77, 1, "item", 1, ["java", "-Xlog:gc*:file=gc.log", "-jar", "item.jar"], "item-1", "item", GcRuntime.Jvm);
        await using var listener = new JvmGcListener(process, ears, time, _folder.Path);

        await GcEars.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return !ears.Told.IsEmpty;
        });

        Assert.True(ears.Told.TryPeek(out var told));
        Assert.StartsWith("item (process 77): its GC log gc.log is not there", told);
        Assert.Empty(ears.Heard);
    }

    public void Dispose() => _folder.Dispose();

    private LogSource Source(string name) => new(() => new GcLogPlace(name, true).Find("/nowhere", _folder.Path, 1), null, _events.Add);

    private void Write(string name, string text) => File.AppendAllText(_folder.File(name), text);
}
