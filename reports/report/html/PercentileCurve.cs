using Pressure.Record;

namespace Pressure.Reports;

/// <summary>One point of the percentile curve, milliseconds.</summary>
internal sealed record PercentilePoint(double Percent, double Response, double Service);

/// <summary>Response and service time over the percentiles, denser towards the tail.</summary>
internal static class PercentileCurve
{
    private const int StepsPerDecade = 20;

    public static IReadOnlyList<PercentilePoint> Of(RequestInterval total)
    {
        if (total.ResponseTime.Count == 0)
            return [];
        // As far as the count carries: the percentile beyond which one value lies, and not further.
        var decades = Math.Clamp(Math.Log10(total.ResponseTime.Count), 1, 5);
        return [.. Enumerable.Range(0, (int)(decades * StepsPerDecade) + 1)
            .Select(i => 100 - 100 / Math.Pow(10, (double)i / StepsPerDecade))
            .Select(p => new PercentilePoint(Math.Round(p, 6), Durations.Milliseconds(total.ResponseTime.Percentile(p)), Durations.Milliseconds(total.ServiceTime.Percentile(p))))];
    }
}
