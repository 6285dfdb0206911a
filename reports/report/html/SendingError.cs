using Pressure.Record;

namespace Pressure.Reports;

/// <summary>One point of the curve of a replay's sending errors, milliseconds.</summary>
internal sealed record SendingErrorPoint(double Percent, double Error)
{
    /// <summary>A logarithmic axis knows no zero.</summary>
    public const double Least = 0.001;
}

/// <summary>How far a replay's sends were from their moments, over the percentiles; the largest stands in the table, since a curve never gets there.</summary>
internal static class SendingError
{
    private const int Most = 500;

    public static IReadOnlyList<SendingErrorPoint> Of(ReplayRecord? replay) => replay is null ? [] :
        [.. replay.Timing.Where(t => t.Percentile < 100).OrderBy(t => t.Percentile).Take(Most).Select(t => new SendingErrorPoint(t.Percentile, Math.Max(SendingErrorPoint.Least, Durations.Milliseconds(t.Error))))];
}
