using System.Text.Json;
using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Turns intervals and samples into <see cref="TimelinePoint"/>s.</summary>
public static class Timeline
{
    /// <summary>One second: the shares' intervals of that second (at least one), and the samples taken in it.</summary>
    public static TimelinePoint Point(
        RunManifest manifest, IReadOnlyList<Interval> intervals, IReadOnlyList<HostSample> hosts, GeneratorSample? generator, IReadOnlyList<GcEvent>? collections = null)
    {
        var total = new RequestInterval();
        foreach (var request in intervals.SelectMany(i => i.Requests))
            total.Add(request);
        var response = total.ResponseTime;
        double? Percentile(double percent) => response.Count == 0 ? null : Durations.Milliseconds(response.Percentile(percent));
        return new TimelinePoint
        {
            Second = intervals[0].Second,
            WarmUp = MeasuredRun.IsWarmUp(manifest, intervals[0].Second),
            Asked = total.Asked,
            Sent = total.Sent,
            Late = total.Late,
            NotSent = total.NotSent,
            Ok = total.Ok,
            Failed = total.Failed,
            P50 = Percentile(50),
            P90 = Percentile(90),
            P95 = Percentile(95),
            P99 = Percentile(99),
            Max = response.Count == 0 ? null : Durations.Milliseconds(response.Max),
            ServiceP99 = total.ServiceTime.Count == 0 ? null : Durations.Milliseconds(total.ServiceTime.Percentile(99)),
            InFlight = intervals.Sum(i => i.InFlight),
            Connections = intervals.Sum(i => i.OpenConnections),
            Statuses = Outcomes.Statuses(total),
            Errors = Outcomes.Errors(total),
            Hosts = MachinePoints.Hosts(hosts),
            Containers = MachinePoints.Containers(hosts),
            Gc = MachinePoints.Collections(collections ?? []),
            Generator = generator is null ? null : Generator(generator),
        };
    }

    /// <summary>A whole run, a point a second without holes between the first and the last second. What hosts did is in <see cref="Machines"/>.</summary>
    public static IReadOnlyList<TimelinePoint> Points(RunRecord run)
    {
        if (run.Intervals.Count == 0)
            return [];
        var intervals = run.Intervals.ToLookup(i => i.Second);
        var generator = run.Generator.ToLookup(g => SecondOf(g.At));
        var first = run.Intervals.Min(i => i.Second);
        var last = run.Intervals.Max(i => i.Second);
        return [.. Enumerable.Range(first, last - first + 1).Select(second => Point(
            run.Manifest,
            intervals.Contains(second) ? [.. intervals[second]] : [new Interval(0, second, 0)],
            [],
            GeneratorHealth.Worst([.. generator[second]])))];
    }

    /// <summary>An event as the summary, the live page and the charts have it: the kind is the event's name in camel case.</summary>
    public static EventSummary Event(TimelineEvent what) =>
        new(Math.Round(what.At.TotalSeconds, 3), JsonNamingPolicy.CamelCase.ConvertName(what.GetType().Name), what.Target, what.Detail)
        {
            Of = ChaosSentences.Joins(what) ?? CrewSentences.Joins(what),
            Tone = ChaosSentences.Tone(what) ?? CrewSentences.Tone(what),
            Label = (ChaosSentences.Label(what) ?? CrewSentences.Label(what))?.In(ReportLanguage.En),
        };

    /// <summary>The second of the run that a sample over the second before <paramref name="at"/> belongs to: the one that it covers most of.</summary>
    internal static int SecondOf(TimeSpan at) => Math.Max(0, (int)Math.Floor(at.TotalSeconds - 0.5));

    private static GeneratorPoint Generator(GeneratorSample s) =>
        new(Math.Round(s.Cpu, 3), Share(s.BusiestLane), Durations.Milliseconds(s.LateP50), Durations.Milliseconds(s.LateP99));

    private static double Share(double share) => Math.Round(share, 4);
}
