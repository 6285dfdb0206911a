using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>How a run came out and where it lies.</summary>
/// <param name="Summary">The summary; with <see cref="Verdict.Error"/> its reason says what went wrong.</param>
/// <param name="Files">What was written; null when reports could not be written (the summary's reason says why).</param>
/// <param name="Folder">The run folder.</param>
public sealed record RunOutcome(RunSummary Summary, ReportFiles? Files, string Folder);
