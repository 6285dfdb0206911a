using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What a threshold is held against: totals of the requests that it looks at over some time, or what was read of machines in that time.</summary>
internal sealed record MeasuredSpan(RequestInterval Total, long IterationsEnded, long IterationsDropped, double Seconds, SubjectReadings Readings)
{
    /// <summary>What was found in answers of the whole run that were held against others; null when none were, and for a part of a run.</summary>
    public DifferenceRecord? Differences { get; init; }
}
