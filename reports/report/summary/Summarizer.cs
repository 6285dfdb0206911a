using Pressure.Record;

namespace Pressure.Reports;

/// <summary>From a run's record to its summary and verdict. Pure.</summary>
public static class Summarizer
{
    /// <summary>
    /// Merges the intervals (counts are added, percentiles never averaged), leaves out the warm-up, judges the thresholds.
    /// A run that never ended is <see cref="Verdict.Stopped"/> with what it has.
    /// </summary>
    public static RunSummary Summarize(RunRecord run) => throw new NotImplementedException();
}
