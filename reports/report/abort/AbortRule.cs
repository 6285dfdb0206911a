namespace Pressure.Reports;

/// <summary>
/// Ends a run early: when what <paramref name="When"/> says has come true over the last <paramref name="Over"/>. Looked at once a
/// second, not before <paramref name="After"/> and not before the window is full.
/// </summary>
/// <param name="When">What must not come true, in the grammar of thresholds.</param>
/// <param name="Over">Length of the window, whole seconds.</param>
/// <param name="After">Offset on the run clock from which it is looked at.</param>
public sealed record AbortRule(Threshold When, TimeSpan Over, TimeSpan After);
