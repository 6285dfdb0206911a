using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The seconds of a run's load, as far as it shows in them whether the target serves.</summary>
/// <remarks>
/// A second is bad when the share of its requests that failed or were not sent lies more than a percentage point above that before the strike, when nothing
/// came back although every second before brought something, or when a duration of the plan's thresholds that held before is beyond its limit two
/// seconds in a row.
/// </remarks>
internal sealed class LoadSeconds
{
    private const double Tolerance = 0.01;
    private const int LeastBefore = 3;
    private const int LeastForDurations = 10;

    private readonly IReadOnlyList<Second> _seconds;
    private readonly IReadOnlyList<Threshold> _durations;

    private LoadSeconds(IReadOnlyList<Second> seconds, IReadOnlyList<Threshold> durations) => (_seconds, _durations) = (seconds, durations);

    public static LoadSeconds Of(RunRecord run, TimeSpan end)
    {
        List<Threshold> durations = [];
        foreach (var written in run.Manifest.Thresholds)
        {
            if (Threshold.TryParse(written.Metric, written.Expression, out var threshold, out _) && threshold!.Selector.Metric is Metric.Trend)
                durations.Add(threshold);
        }
        var seconds = run.Intervals.Where(i => i.Second < end.TotalSeconds).GroupBy(i => i.Second).OrderBy(g => g.Key)
            .Select(g => Second.Of(g.Key, MeasuredRun.IsWarmUp(run.Manifest, g.Key), [.. g], run.Manifest.Requests, durations));
        return new([.. seconds], durations);
    }

    public bool Any => _seconds.Count > 0;

    /// <summary>Requests that were asked for between two moments.</summary>
    public long Asked(TimeSpan from, TimeSpan to) => Between(from, to).Sum(s => s.Asked);

    /// <summary>The bad seconds between a strike and a moment behind it.</summary>
    public IReadOnlyList<int> Bad(TimeSpan struck, TimeSpan to)
    {
        var before = Before(struck);
        var usual = ShareOf(before);
        var alwaysAnswered = before.Count >= LeastBefore && before.All(s => s.Ended > 0);
        var held = _durations.Select((_, i) => before.Count >= LeastBefore && before.Count(s => s.Broke[i]) <= before.Count / 10).ToArray();
        var window = Between(struck, to).ToList();
        bool Slow(int at) => at >= 0 && at < window.Count && window[at].Broke.Where((broke, i) => broke && held[i]).Any();
        return [.. window.Where((s, i) => s.Share > usual + Tolerance || (alwaysAnswered && s.Asked > 0 && s.Ended == 0) || (Slow(i) && (Slow(i - 1) || Slow(i + 1)))).Select(s => s.Number)];
    }

    /// <summary>Requests that failed or were not sent between two moments, beyond the share of before the strike.</summary>
    public long Lost(TimeSpan struck, TimeSpan from, TimeSpan to)
    {
        var usual = ShareOf(Before(struck));
        var window = Between(from, to).ToList();
        return Math.Max(0, (long)Math.Round(window.Sum(s => s.Bad) - usual * window.Sum(s => s.All)));
    }

    private IEnumerable<Second> Between(TimeSpan from, TimeSpan to) => _seconds.Where(s => s.Number + 1 > from.TotalSeconds && s.Number < to.TotalSeconds);

    private List<Second> Before(TimeSpan struck) => [.. _seconds.Where(s => !s.IsWarmUp && s.Number + 1 <= struck.TotalSeconds)];

    private static double ShareOf(List<Second> seconds) => seconds.Count >= LeastBefore && seconds.Sum(s => s.All) is > 0 and var all ? (double)seconds.Sum(s => s.Bad) / all : 0;

    private sealed record Second(int Number, bool IsWarmUp, long Asked, long Ended, long Bad, long All, bool[] Broke)
    {
        public double Share => All > 0 ? (double)Bad / All : 0;

        public static Second Of(int number, bool isWarmUp, IReadOnlyList<Interval> shares, IReadOnlyList<RequestManifest> requests, IReadOnlyList<Threshold> durations)
        {
            var total = Total(shares, requests, _ => true);
            // What was cut off by the end of the load says nothing about the target.
            var failed = total.Failed - total.ErrorCount(RequestError.Stopped);
            return new(number, isWarmUp, total.Asked, total.Ok + failed, failed + total.NotSent, total.Ok + failed + total.NotSent, [.. durations.Select(d => Breaks(d, shares, requests))]);
        }

        private static bool Breaks(Threshold duration, IReadOnlyList<Interval> shares, IReadOnlyList<RequestManifest> requests)
        {
            var total = Total(shares, requests, duration.Selector.Matches);
            return total.Ok + total.Failed >= LeastForDurations
                && ThresholdJudge.Measure(duration, new(total, 0, 0, 1, new SubjectReadings(duration.Selector, []))) is { } actual && !duration.Criterion.Holds(actual.Value);
        }

        private static RequestInterval Total(IReadOnlyList<Interval> shares, IReadOnlyList<RequestManifest> requests, Func<RequestManifest, bool> fits)
        {
            var total = new RequestInterval();
            foreach (var share in shares)
            {
                for (var i = 0; i < requests.Count; i++)
                {
                    if (fits(requests[i]))
                        total.Add(share.Requests[i]);
                }
            }
            return total;
        }
    }
}
