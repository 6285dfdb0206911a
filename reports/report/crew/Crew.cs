using Pressure.Record;

namespace Pressure.Reports;

/// <summary>The workers of a run: who made what, and what nobody made.</summary>
internal sealed class Crew
{
    private Crew(CrewManifest manifest, IReadOnlyList<WorkerTrack> workers, IReadOnlyList<TimelineEvent.ShareUnsent> unsent, long asked) =>
        (Manifest, Workers, Unsent, Asked) = (manifest, workers, unsent, asked);

    public CrewManifest Manifest { get; }

    /// <summary>In the order of their shares; those that came later behind them.</summary>
    public IReadOnlyList<WorkerTrack> Workers { get; }

    /// <summary>What nobody made in the measured time.</summary>
    public IReadOnlyList<TimelineEvent.ShareUnsent> Unsent { get; }

    /// <summary>Requests asked of all in the measured time.</summary>
    public long Asked { get; }

    /// <summary>Requests that nobody made since their worker was lost.</summary>
    public long UnsentRequests => Unsent.Sum(u => u.Requests);

    /// <summary>The same as a share of what was asked.</summary>
    public double UnsentShare => Asked == 0 ? 0 : Math.Min(1, (double)UnsentRequests / Asked);

    /// <summary>Whether that is more than the plan tolerates.</summary>
    public bool LostTooMuch => UnsentRequests > Manifest.Tolerance * Asked;

    /// <summary>Workers that were given up.</summary>
    public IEnumerable<WorkerTrack> Lost => Workers.Where(w => w.LostAt is not null);

    /// <summary>The workers by region, the regions in the order of their first workers.</summary>
    public IReadOnlyList<RegionTrack> Regions => field ??= [.. Workers.GroupBy(w => w.Manifest.Region).Select(g => new RegionTrack(g.Key, [.. g]))];

    /// <summary>The highest rate of any worker, requests a second.</summary>
    public double HighestRate => field > 0 ? field : field = Workers.SelectMany(w => w.Rates).Max() ?? 0;

    /// <summary>Workers that could not keep up, the latest first.</summary>
    public IReadOnlyList<WorkerTrack> Saturated => [.. Workers.Where(w => w.Saturation is not null).OrderByDescending(w => w.Saturation!.Worst.LateP99).ThenByDescending(w => w.Saturation!.Worst.Backlog)];

    /// <summary>The crew of a run; null when one process made the load.</summary>
    public static Crew? Of(RunRecord run, MeasuredRun measured)
    {
        if (run.Manifest.Crew is not { } crew)
            return null;
        var holders = new ShareHolders(crew, run.Events);
        var grid = TimeGrid.Of(run.Intervals);
        var workers = Tracks(crew, holders, grid);
        foreach (var interval in run.Intervals)
        {
            if (holders.HolderOf(interval.Share, interval.Second) is { } holder)
                workers[holder].Take(interval, measured.Includes(interval.Second));
        }
        foreach (var samples in run.Generator.Where(g => g.Worker is not null).GroupBy(g => g.Worker!))
            workers.GetValueOrDefault(samples.Key)?.Take(GeneratorHealth.BySecond(samples), measured.Counts);
        foreach (var what in run.Events.Where(e => e is TimelineEvent.WorkerLost or TimelineEvent.WorkerHeard))
            workers.GetValueOrDefault(what.Target)?.Take(what);
        // What was to be made in the warm-up counts for nothing, whether or not it was made.
        var unsent = run.Events.OfType<TimelineEvent.ShareUnsent>().Where(u => u.Requests > 0 && u.Until > measured.Start).ToList();
        foreach (var part in unsent)
        {
            if (workers.GetValueOrDefault(part.Worker) is { } whose)
                whose.Unsent += part.Requests;
        }
        return new(crew, [.. workers.Values], unsent, measured.Total().Asked);
    }

    private static Dictionary<string, WorkerTrack> Tracks(CrewManifest crew, ShareHolders holders, TimeGrid grid)
    {
        var whole = Math.Max(1, crew.Weights.Sum(w => (double)w));
        var workers = new Dictionary<string, WorkerTrack>();
        foreach (var (share, worker) in crew.Workers.Index())
            workers.TryAdd(worker.Name, new(worker, share < crew.Weights.Count ? crew.Weights[share] / whole : 0, holders.Of(worker.Name), grid));
        foreach (var name in holders.Names.Where(n => !workers.ContainsKey(n)).ToList())
            workers[name] = new(new() { Name = name }, 0, holders.Of(name), grid);
        return workers;
    }
}
