using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What a threshold is held against: totals of the requests that it looks at over some time, and the hosts' samples of that time.</summary>
internal sealed record MeasuredSpan(RequestInterval Total, long IterationsEnded, long IterationsDropped, double Seconds, IReadOnlyList<HostSample> Hosts);
