namespace Pressure.Reports;

/// <summary>A process whose pauses explain spikes of response time.</summary>
internal static class GcSpikes
{
    /// <summary>It must be less probable than this that what is claimed is chance.</summary>
    public const double MostChance = 0.01;

    /// <summary>What is added to the uncertainty of clocks: the way of an answer, and the edges of seconds.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    public static Sentence? Find(ReportModel model)
    {
        // A search means to slow the target down.
        if (model.Summary.Search is not null)
            return null;
        var (process, match) = Best(Candidates(model));
        return process is null ? null : Say(model, process, match);
    }

    /// <summary>
    /// Of several candidates the one whose pauses account for most, if that can't be chance: the probability is multiplied by how many were tried.
    /// </summary>
    public static (T? Candidate, PauseMatch Match) Best<T>(IEnumerable<(T Candidate, Spikes Spikes, IReadOnlyList<GcPause> Pauses, TimeSpan Slack)> candidates)
        where T : class
    {
        var tried = candidates.SelectMany(c => PauseMatch.Of(c.Spikes, c.Pauses, c.Slack), (c, match) => (c.Candidate, Match: match)).ToList();
        var sure = tried.Where(t => t.Match.Chance * tried.Count < MostChance).ToList();
        return sure.Count == 0 ? (null, null!) : sure.OrderByDescending(t => Math.Round(t.Match.Explained, 2)).ThenBy(t => t.Match.Chance).ThenByDescending(t => t.Match.Full).First();
    }

    private static IEnumerable<(ProcessTrack, Spikes, IReadOnlyList<GcPause>, TimeSpan)> Candidates(ReportModel model)
    {
        var byService = new Dictionary<string, Spikes?>();
        foreach (var process in model.Machines.Processes.Where(p => p.Gc is { Noticed.Count: > 0 }))
        {
            var key = PressedService(model, process) ?? "";
            if (!byService.TryGetValue(key, out var spikes))
                byService[key] = spikes = Spikes.Of([.. ServiceTimes.Of(model.Run, r => key.Length == 0 || r.Service == key).Where(t => model.Measured.Counts(t.Second))]);
            if (spikes is not null)
                yield return (process, spikes, process.Gc!.Noticed, Slack + Shorter(process.Host.Uncertainty, TimeSpan.FromMilliseconds(500)));
        }
    }

    /// <summary>The process's own service, if its requests tell enough; else all requests are looked at.</summary>
    private static string? PressedService(ReportModel model, ProcessTrack process) =>
        model.Summary.ByService.FirstOrDefault(s => s.Name == process.Service) is { } service && service.Ok + service.Failed >= 2 * model.Measured.Seconds ? service.Name : null;

    private static Sentence Say(ReportModel model, ProcessTrack process, PauseMatch match)
    {
        var service = PressedService(model, process);
        bool Fits(Record.RequestManifest request) => service is null || request.Service == service;
        double P99(Func<int, bool> seconds) => ServiceTimes.P99(model.Run, Fits, s => model.Measured.Counts(s) && seconds(s)) ?? 0;
        // A spike lasts longer than its pause: what has piled up meanwhile is answered behind it.
        bool Within(int second) => match.Overlapping.Any(o => second >= o.Spike.First && second <= o.Spike.Last);
        var pauses = match.Overlapping.Select(o => o.Pause).Order().ToList();
        var (least, most) = (Figures.Duration(pauses[0]), Figures.Duration(pauses[^1]));
        return new(
            match.Highest == 1 ? "finding.gcSpike" : match.Overlapping.Count == match.Highest ? "finding.gcSpikes.all" : "finding.gcSpikes",
            match.Overlapping.Count,
            match.Highest,
            new Sentence(match.Full ? "finding.gc.full" : "finding.gc.pause"),
            Name(model, process),
            least == most ? most : new Sentence("finding.range", least, most),
            Figures.Duration(P99(Within)),
            Figures.Duration(P99(s => !Within(s))),
            Figures.Number(match.Expected),
            ReportModel.Clock(match.Overlapping[0].Spike.Slowest));
    }

    /// <summary>The process for readers: <c>item (Java, G1; service item on web2)</c>.</summary>
    public static Sentence Name(ReportModel model, ProcessTrack process)
    {
        var collector = process.Gc is { } gc ? ProcessSection.Collector(gc.Runtime, gc.Collector) : "";
        var host = HostSection.Title(process.Host.Name, model);
        return process.Service is { } service
            ? new("finding.process.service", process.Name, collector, service, host)
            : new("finding.process", process.Name, collector, host);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
