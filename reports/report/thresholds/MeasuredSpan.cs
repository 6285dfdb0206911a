using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What a threshold is held against: totals of the requests that it looks at over some time, or what was read of machines in that time.</summary>
internal sealed record MeasuredSpan(RequestInterval Total, long IterationsEnded, long IterationsDropped, double Seconds, SubjectReadings Readings);
