namespace Pressure.Agent.Tests;

/// <summary>Real JVMs of this machine's JDK.</summary>
public sealed class JvmGcListenerTests
{
    private const double Tolerance = 0.02;
    private readonly GcEars _ears = new();

    /// <summary>
    /// The JVM's own total is that of its performance counters, which count nanoseconds; its management beans show the same in whole milliseconds
    /// a collection, which is nothing for collectors whose pauses are shorter. The load goes on for enough pauses that the rounding of the log
    /// (to a microsecond) and what of a pause one measures and the other does not make no difference.
    /// </summary>
    [Theory]
    [InlineData("Serial", 0.5, 20)]
    [InlineData("Parallel", 0.5, 20)]
    [InlineData("G1", 0.5, 100)]
    [InlineData("Z", 0.0, 600)]
    [InlineData("Shenandoah", 0.01, 400)]
    public async Task The_sum_of_pauses_is_the_JVM_s_own(string collector, double seconds, int times)
    {
        using var folder = new TempFolder();
        using var jvm = new RunningJvm(folder.Path, "-Xmx160m", $"-XX:+Use{collector}GC", "-Xlog:gc*:file=gc-%p.log:time,uptime,level,tags:filecount=5,filesize=300k");
        var listener = new JvmGcListener(jvm.Watched, _ears, TimeProvider.System);
        await GcEars.Until(() => listener.IsListening);
        var before = jvm.Total();

        jvm.Begin();
        await GcEars.Until(() => jvm.Total() is var now && now.Paused - before.Paused >= TimeSpan.FromSeconds(seconds) && now.Times - before.Times >= times);
        jvm.End();
        jvm.Collect();
        var after = jvm.Total();
        await listener.DisposeAsync();

        var ours = _ears.Paused;
        var theirs = after.Paused - before.Paused;
        File.AppendAllText("/tmp/jvmt/sums", $"{collector} ours {ours.TotalMilliseconds} theirs {theirs.TotalMilliseconds} ratio {ours / theirs:0.0000} times {after.Times - before.Times} events {_ears.Heard.Count} beans {jvm.BeansMilliseconds()} pauses {_ears.Heard.Count(h => h.Event.Pause > TimeSpan.Zero)} files {Directory.GetFiles(folder.Path).Length}\n");
        Assert.InRange(ours / theirs, 1 - Tolerance, 1 + Tolerance);
    }
}
