using Pressure.Record;

namespace Pressure.Reports;

/// <summary>From the seconds of a plateau to its figures and their judgement. Pure.</summary>
public static class PlateauMeasure
{
    /// <summary>Share of the asked requests that must end well: below it throughput no longer follows the load.</summary>
    public const double LeastDelivered = 0.95;

    /// <summary>The plateau's figures, held against the criteria of the manifest's search.</summary>
    /// <param name="manifest">The run's manifest.</param>
    /// <param name="step">Number, phase and rate of the plateau.</param>
    /// <param name="seconds">Its measured seconds, at least one.</param>
    /// <param name="generator">The load generator's samples of these seconds.</param>
    /// <param name="hosts">The hosts' samples of these seconds.</param>
    public static SearchPlateau Of(
        RunManifest manifest, TimelineEvent.SearchPlateauStarted step, IReadOnlyList<Interval> seconds, IReadOnlyList<GeneratorSample> generator, IReadOnlyList<HostSample> hosts)
    {
        var stretch = MeasuredRun.Of(manifest, seconds, hosts);
        var total = stretch.Total();
        var criteria = manifest.Load.Search!.Slo.Select(s => Judge(s, stretch)).Append(Throughput(total)).ToList();
        var response = total.ResponseTime;
        double? Time(TimeSpan time) => response.Count == 0 ? null : Durations.Milliseconds(time);
        return new SearchPlateau
        {
            Number = step.Number,
            Phase = step.Phase,
            Rate = step.Rate,
            FromSecond = seconds.Min(s => s.Second),
            Seconds = (int)stretch.Seconds,
            Asked = total.Asked,
            Ok = total.Ok,
            Failed = total.Failed,
            Mean = Time(response.Mean),
            P50 = Time(response.Percentile(50)),
            P95 = Time(response.Percentile(95)),
            P99 = Time(response.Percentile(99)),
            Criteria = criteria,
            Outcome = WasBehind(generator) ? PlateauOutcome.GeneratorSaturated : criteria.TrueForAll(c => c.Held) ? PlateauOutcome.Held : PlateauOutcome.Broke,
        };
    }

    private static SearchCriterion Judge(ThresholdManifest written, MeasuredRun stretch)
    {
        var result = ThresholdJudge.Judge(written, stretch);
        var limit = Threshold.TryParse(written.Metric, written.Expression, out var threshold, out _) ? threshold!.Criterion.Value : 0;
        return new(written.Metric, written.Expression, limit, result.Passed, result.Actual);
    }

    private static SearchCriterion Throughput(RequestInterval total)
    {
        double? share = total.Asked > 0 ? Math.Round((double)total.Ok / total.Asked, 4) : null;
        // At low rates one answer that comes just after the last second must not count for much.
        return new(SearchCriterion.Throughput, ">= 0.95", LeastDelivered, total.Ok >= LeastDelivered * total.Asked - 1 && total.Asked > 0, share);
    }

    /// <summary>Whether the generator, or any one of its workers, fell behind in at least half of the seconds.</summary>
    private static bool WasBehind(IReadOnlyList<GeneratorSample> generator) =>
        generator.GroupBy(g => g.Worker).Select(GeneratorHealth.BySecond).Any(own => own.Count(GeneratorHealth.IsBehind) * 2 >= own.Count);
}
