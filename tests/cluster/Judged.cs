using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster.Tests;

/// <summary>Verdicts of runs on a machine that may be starved: a generator that could not keep up for seconds on end says so, and its figures count for nothing.</summary>
internal static class Judged
{
    public static void As(Verdict expected, int exitCode, RunOutcome outcome)
    {
        var (verdict, code) = (outcome.Summary.Verdict, outcome.Summary.ExitCode);
        Assert.True((verdict, code) == (expected, exitCode) || (verdict == Verdict.Invalid && WhySaturated(outcome.Folder) is not null), $"{verdict}, {code}: {outcome.Summary.Reason}");
    }

    private static string? WhySaturated(string folder)
    {
        var record = RunFolder.Read(folder);
        return GeneratorHealth.WhySaturated(record.Generator, record.Hosts);
    }
}
