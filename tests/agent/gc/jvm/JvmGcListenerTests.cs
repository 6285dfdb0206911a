namespace Pressure.Agent.Tests;

/// <summary>Real JVMs of this machine's JDK.</summary>
public sealed class JvmGcListenerTests : IDisposable
{
    private const double Tolerance = 0.02;
    private const int Tries = 4;
    private const int MostCollections = 100;
    private readonly TempFolder _folder = new();
    private readonly GcEars _ears = new();

    /// <summary>
    /// The JVM's performance counters count nanoseconds. What of a pause they measure and what the log measures differ by microseconds, so the
    /// load goes on for half a second of pauses; where another program got the processor in between it is tried again. No pause may be missing.
    /// </summary>
    [Theory]
    [InlineData("Serial")]
    [InlineData("Parallel")]
    [InlineData("G1")]
    public async Task The_sum_of_pauses_is_the_JVM_s_own(string collector)
    {
        var ratio = 0.0;
        for (var n = 0; n < Tries && Math.Abs(ratio - 1) > Tolerance; n++)
            ratio = await RatioOfPauses(collector);

        Assert.InRange(ratio, 1 - Tolerance, 1 + Tolerance);
    }

    /// <summary>
    /// Shenandoah's counters count its work beside the program too, so its management beans are asked; they tell the total in whole milliseconds,
    /// so its mode without concurrent cycles is taken, in which all its collections are pauses of milliseconds.
    /// </summary>
    [Fact]
    public async Task The_sum_of_Shenandoah_s_pauses_is_the_JVM_s_own()
    {
        using var jvm = Jvm("-XX:+UseShenandoahGC", "-XX:+UnlockDiagnosticVMOptions", "-XX:ShenandoahGCMode=passive", AllInto("gc.log"));
        await using var listener = new JvmGcListener(jvm.Watched, _ears);
        await GcEars.Until(() => listener.IsListening);
        var before = jvm.BeansMilliseconds();

        jvm.Begin();
        await GcEars.Until(() => jvm.BeansMilliseconds() - before >= 500);
        jvm.End();
        var after = jvm.BeansMilliseconds();
        await listener.DisposeAsync();

        Assert.InRange(_ears.Paused.TotalMilliseconds / (after - before), 1 - Tolerance, 1 + Tolerance);
    }

    /// <summary>
    /// ZGC's pauses take some ten microseconds, of which log and counters each measure a part of their own; two in a hundred of that is less than
    /// the log's last digit. So each pause has to be there, and the sums may differ by a few microseconds a pause.
    /// </summary>
    [Fact]
    public async Task Each_of_ZGC_s_pauses_is_heard()
    {
        using var jvm = Jvm("-XX:+UseZGC", "-XX:-ZProactive", AllInto("gc-%p-%t.log"));
        await using var listener = new JvmGcListener(jvm.Watched, _ears);
        await GcEars.Until(() => listener.IsListening);
        var (first, before, _) = await CollectAlone(jvm);

        jvm.Begin();
        await GcEars.Until(() => jvm.Total().Times - before.Times >= 300);
        jvm.End();
        var (last, _, after) = await CollectAlone(jvm);

        var heard = _ears.Heard.Where(h => h.Event.Number >= first && h.Event.Number <= last && h.Event.Pause > TimeSpan.Zero).ToList();
        var times = after.Times - before.Times;
        Assert.True(times == heard.Count, $"Of {times} pauses in GC({first}) to GC({last}) {heard.Count} were heard. {_ears}");
        Assert.Empty(_ears.Told);
        var paused = heard.Aggregate(TimeSpan.Zero, (sum, h) => sum + h.Event.Pause);
        Assert.InRange((paused - (after.Paused - before.Paused)).Duration() / times, TimeSpan.Zero, TimeSpan.FromMicroseconds(50));
    }

    [Fact]
    public async Task A_JVM_without_a_log_is_heard_by_its_counters_and_told_of()
    {
        using var jvm = Jvm("-XX:+UseSerialGC");
        await using var listener = new JvmGcListener(jvm.Watched, _ears);
        await GcEars.Until(() => listener.IsListening);
        var before = jvm.Total();

        jvm.Begin();
        await GcEars.Until(() => jvm.Total().Paused - before.Paused >= TimeSpan.FromMilliseconds(300));
        jvm.End();
        jvm.Collect();
        var after = jvm.Total();
        await listener.DisposeAsync();

        // The same counters: the sum is exact but for what rounding to 100 ns leaves out.
        Assert.InRange(_ears.Paused / (after.Paused - before.Paused), 0.9999, 1.0001);
        Assert.Equal(after.Times - before.Times, _ears.Heard.Count);
        Assert.Contains(_ears.Heard, h => h.Event is { Kind: GcKind.Full, Collector: "Serial", Reason: "System.gc()", HeapAfter: > 0 });
        Assert.Contains("writes no GC log", Assert.Single(_ears.Told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_JVM_in_namespaces_of_its_own_is_heard(bool hasLog)
    {
        using var jvm = RunningJvm.InNamespaces(_folder.Path, [.. hasLog ? [AllInto(_folder.File("gc-%p.log"))] : Array.Empty<string>(), "-Xmx160m", "-XX:+UseSerialGC"]);
        await using var listener = new JvmGcListener(jvm.Watched, _ears);
        await GcEars.Until(() => listener.IsListening);
        Assert.Empty(Directory.GetFiles(_folder.Path));

        jvm.Collect();
        await GcEars.Until(() => !_ears.Heard.IsEmpty);

        var heard = _ears.Heard.Single().Event;
        Assert.Equal((GcKind.Full, "System.gc()", jvm.Pid), (heard.Kind, heard.Reason, heard.Pid));
        Assert.Equal(hasLog, heard.HeapBefore is not null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_JVM_ends_so_does_the_listener_without_a_word(bool hasLog)
    {
        var jvm = Jvm([.. hasLog ? [AllInto("gc.log")] : Array.Empty<string>(), "-XX:+UseSerialGC"]);
        await using var listener = new JvmGcListener(jvm.Watched, _ears);
        await GcEars.Until(() => listener.IsListening);
        var told = _ears.Told.Count;

        jvm.Dispose();

        Assert.Null(await listener.Ended.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
        Assert.Equal(told, _ears.Told.Count);
    }

    [Fact]
    public async Task Jstat_tells_of_a_JVM_s_collections()
    {
        using var jvm = Jvm("-XX:+UseSerialGC");
        var heard = new List<LoggedGc>();
        using var source = JstatSource.Start(jvm.Pid, heard.Add);
        Assert.NotNull(source);

        // What was before its first line is no event; so until one is seen.
        await GcEars.Until(() =>
        {
            jvm.Collect();
            source.Look();
            return heard.Count > 0;
        });

        Assert.All(heard, e => Assert.Equal(GcKind.Full, e.Kind));
        Assert.True(heard[^1].Heap.After > 20 << 20);
    }

    [Fact]
    public async Task Collections_are_placed_on_the_wall_clock_by_the_JVM_s_start_and_its_uptime()
    {
        using var jvm = Jvm("-XX:+UseSerialGC", "-Xlog:gc:file=gc.log:uptime");
        await using var listener = new JvmGcListener(jvm.Watched, _ears);
        await GcEars.Until(() => listener.IsListening);

        var before = TimeProvider.System.GetUtcNow();
        jvm.Collect();
        var after = TimeProvider.System.GetUtcNow();
        await GcEars.Until(() => !_ears.Heard.IsEmpty);

        // The log rounds to a millisecond, and so does the JVM's start.
        var slack = TimeSpan.FromMilliseconds(50);
        Assert.InRange(_ears.Heard.Single().At, before - slack, after + slack);
    }

    [Fact]
    public async Task What_was_allocated_and_paused_shows_in_the_rates()
    {
        using var jvm = Jvm("-XX:+UseSerialGC", AllInto("gc.log"));
        await using var listener = new JvmGcListener(jvm.Watched, _ears);
        await GcEars.Until(() => listener.IsListening);
        Assert.Null(listener.Rates());

        jvm.Begin();
        await GcEars.Until(() => _ears.Pauses >= 10);
        var rates = listener.Rates()!.Value;

        Assert.True(rates.Allocated > 1e6, $"{rates}");
        Assert.InRange(rates.PauseShare, 0.0001, 1);
        Assert.InRange(rates.Heap!.Value, 20 << 20, 160 << 20);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<double> RatioOfPauses(string collector)
    {
        using var folder = new TempFolder();
        using var jvm = new RunningJvm(folder.Path, "-Xmx160m", $"-XX:+Use{collector}GC", AllInto("gc-%p.log"));
        var ears = new GcEars();
        await using var listener = new JvmGcListener(jvm.Watched, ears);
        await GcEars.Until(() => listener.IsListening);
        var before = jvm.Total();

        jvm.Begin();
        await GcEars.Until(() => jvm.Total().Paused - before.Paused >= TimeSpan.FromMilliseconds(500));
        jvm.End();
        jvm.Collect();
        var after = jvm.Total();
        await listener.DisposeAsync();

        Assert.Equal(after.Times - before.Times, ears.Pauses);
        Assert.All(ears.Heard, h => Assert.Equal(collector, h.Event.Collector));
        Assert.Contains(ears.Heard, h => h.Event is { IsFull: true, Reason: "System.gc()" });
        Assert.Empty(ears.Told);
        return ears.Paused / (after.Paused - before.Paused);
    }

    /// <summary>
    /// A collection of ZGC that has been heard: its number, and the totals before and after it, with no pause but its own in between. ZGC begins cycles
    /// when it likes, without load too (the last one to warm up may come late), and one that is under way would be in only one of totals and ears.
    /// </summary>
    private async Task<(long Number, (TimeSpan Paused, long Times) Before, (TimeSpan Paused, long Times) After)> CollectAlone(RunningJvm jvm)
    {
        const int PausesOfACycle = 3;
        for (var n = 0; n < MostCollections; n++)
        {
            var heard = Collections().Count();
            var before = jvm.Total();
            jvm.Collect();
            var after = jvm.Total();
            await GcEars.Until(() => Collections().Count() > heard, () => $"The JVM collected; pauses by its counters: {after.Times}. {_ears}");
            if (after.Times - before.Times == PausesOfACycle)
                return (Collections().Last(), before, after);
        }

        throw new InvalidOperationException($"Other cycles came between {MostCollections} times. {_ears}");

        IEnumerable<long> Collections() =>
            _ears.Heard.Where(h => h.Event is { Kind: GcKind.ConcurrentCycle, Reason: "System.gc()" }).Select(h => h.Event.Number!.Value);
    }

    private static string AllInto(string name) => $"-Xlog:gc*:file={name}:time,uptime,level,tags:filecount=5,filesize=300k";

    private RunningJvm Jvm(params string[] options) => new(_folder.Path, ["-Xmx160m", .. options]);
}
