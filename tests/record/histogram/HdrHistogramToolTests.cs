using System.Diagnostics;

namespace Pressure.Record.Tests;

/// <summary>The judge is HdrHistogram's own log processor (Debian: libhdrhistogram-java and a Java runtime).</summary>
public sealed class HdrHistogramToolTests
{
    private const string Jar = "/usr/share/java/hdrhistogram.jar";

    [Fact]
    public void HdrHistograms_own_processor_reads_the_log_and_finds_the_same_percentiles()
    {
        Assert.SkipUnless(File.Exists(Jar) && File.Exists("/usr/bin/java"), "HdrHistogram's tools are not installed.");
        using var temp = new TempFolder();
        var interval = new Interval(0, 0, 2);
        for (var i = 1; i <= 10_000; i++)
            interval.Requests[i % 2].ResponseTime.Record(Arrange.Us(i));
        using (var log = File.CreateText(temp.File("run.hlog")))
            HistogramLog.Write(log, Sample.Manifest, [new Interval(0, 1, 2), interval]);

        var output = Run("java", "-cp", Jar, "org.HdrHistogram.HistogramLogProcessor", "-i", temp.File("run.hlog"), "-tag", "responseTime", "-csv", "-outputValueUnitRatio", "1");

        Assert.Contains("\n5003.000,0.500000000000,", output, StringComparison.Ordinal);
        Assert.Contains("\n10007.000,1.000000000000,10000,", output, StringComparison.Ordinal);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}");
    }
}
