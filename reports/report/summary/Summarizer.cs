using Pressure.Record;

namespace Pressure.Reports;

/// <summary>From a run's record to its summary and verdict. Pure.</summary>
public static class Summarizer
{
    /// <summary>
    /// Merges the intervals (counts are added, percentiles never averaged), leaves out the warm-up, judges the thresholds.
    /// A run that never ended is <see cref="Verdict.Stopped"/> with what it has.
    /// </summary>
    public static RunSummary Summarize(RunRecord run) => Summarize(run, Measurement.Of(run));

    /// <summary>The same for a run whose machines have been looked at already.</summary>
    internal static RunSummary Summarize(RunRecord run, Measurement measurement)
    {
        var (measured, machines) = (measurement.Measured, measurement.Machines);
        var thresholds = Judge(measured);
        var generator = MeasuredSamples(run, measured);
        var saturation = SaturationOf(run, measured);
        var chaos = ChaosFigures.Of(run, measured);
        var crew = Crew.Of(run, measured);
        var judgement = VerdictRule.Judge(run, measured, thresholds, saturation, chaos, crew);
        var total = measured.Total();
        var gc = GcFigures.Of(machines, measured);
        return new RunSummary
        {
            Id = run.Manifest.Id,
            Name = run.Manifest.Name,
            Target = run.Manifest.Target,
            StartedAt = run.Manifest.StartedAt,
            DurationSeconds = Math.Round((run.Manifest.IsDrill && run.Events is [.., var last] ? last.At : measured.End).TotalSeconds, 3),
            Verdict = judgement.Verdict,
            ExitCode = judgement.ExitCode,
            Reason = judgement.Reason(ReportLanguage.En),
            Reasons = Enum.GetValues<ReportLanguage>().ToDictionary(l => l.ToString().ToLowerInvariant(), judgement.Reason),
            Load = new LoadSummary(measured.PerSecond(total.Asked), measured.PerSecond(total.Sent), total.NotSent),
            Requests = new RequestCounts(total.Asked, total.Sent, total.Ok, total.Failed, total.ChecksPassed, total.ChecksFailed, total.Late),
            ResponseTime = Durations.Of(total.ResponseTime),
            ServiceTime = Durations.Of(total.ServiceTime),
            Phases = Phases.Of(total),
            Thresholds = thresholds,
            Search = SearchSummary.Of(run),
            Chaos = chaos,
            Replay = ReplaySummary.Of(run),
            Differences = DifferenceSummary.Of(run),
            Abort = run.Events.OfType<TimelineEvent.Aborted>().Select(a => new AbortSummary($"{a.Metric}: {a.Expression}", a.Actual, a.Over.TotalSeconds, a.At.TotalSeconds)).FirstOrDefault(),
            ByRequest = [.. run.Manifest.Requests.Select((r, i) => Request(r, measured.ByRequest[i], measured))],
            ByService = ServiceFigures.Of(measured, machines, gc),
            Statuses = Outcomes.Statuses(total),
            Errors = Outcomes.Errors(total),
            Data = new DataSummary(total.BytesSent, total.BytesReceived),
            Hosts = HostFigures.Of(machines, measured),
            SilentHosts = HostFigures.Silent(machines, measured),
            Gc = gc,
            Events = [.. run.Events.Select(e => Timeline.Event(e))],
            Generator = new GeneratorSummary(
                crew is not null ? Math.Round(crew.Workers.Sum(w => w.Cpu), 3) : generator.Count == 0 ? 0 : Math.Round(generator.Average(g => g.Cpu), 3),
                crew is not null ? crew.Workers.Select(w => w.LateP99).DefaultIfEmpty().Max() : Durations.Milliseconds(measured.Lateness.Percentile(99)),
                saturation is not null,
                saturation?.Clause.In(ReportLanguage.En)),
            Crew = crew is null ? null : CrewFigures.Of(crew),
            Workers = CrewFigures.Workers(crew),
            Exports = [.. run.Events.OfType<TimelineEvent.Exported>().Select(e => new ExportSummary(e.Sink, e.Sent, e.Dropped, e.Problem))],
            Recoveries = [.. run.Recoveries.Select(r => new RecoverySummary(r.File, r.BytesKept, r.BytesCut, r.Why))],
        };
    }

    /// <summary>The generator's saturation within the measured time; null when it was healthy.</summary>
    internal static Saturation? SaturationOf(RunRecord run, MeasuredRun measured) => GeneratorHealth.Judge(MeasuredSamples(run, measured), run.Hosts);

    private static List<GeneratorSample> MeasuredSamples(RunRecord run, MeasuredRun measured) =>
        [.. run.Generator.Where(s => HostFigures.IsMeasured(s.At, measured))];

    private static List<ThresholdResult> Judge(MeasuredRun measured) =>
        [.. measured.Manifest.Thresholds.Select(t => ThresholdJudge.Judge(t, measured))];

    private static RequestSummary Request(RequestManifest request, RequestInterval total, MeasuredRun run) => new(
        request.Name, request.Scenario, request.Method, request.Url, request.Service,
        total.Sent, total.Ok, total.Failed, run.PerSecond(total.Sent),
        Durations.Of(total.ResponseTime), Durations.Of(total.ServiceTime), Phases.Of(total));
}
