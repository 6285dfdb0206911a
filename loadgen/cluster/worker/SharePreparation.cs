using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A share that could begin at once.</summary>
/// <param name="Workload">The workload, whole.</param>
/// <param name="Manifest">The manifest for the worker's own record.</param>
/// <param name="Replay">Its captures; null if it is no replay.</param>
internal sealed record PreparedShare(Workload Workload, RunManifest Manifest, PreparedReplay? Replay) : IDisposable
{
    public void Dispose() => Replay?.Dispose();
}

/// <summary>Makes of an offer a share that can begin, or tells all that keeps it from beginning.</summary>
internal sealed class SharePreparation(ShareOffer offer, string folder, FileStore store, RunLine line, WorkerOptions options, TimeProvider time)
{
    private readonly List<string> _problems = [];

    /// <summary>What keeps it from beginning, each a sentence with what to do.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Prepares it; null when there are <see cref="Problems"/>.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public async Task<PreparedShare?> PrepareAsync(CancellationToken stop)
    {
        if (offer.Version != options.Version)
        {
            _problems.Add($"Worker {options.Name} is Pressure {options.Version}, the coordinator is {offer.Version}: install the same version on both.");
            return null;
        }
        var fetched = await Task.WhenAll(offer.Files.Select(f => store.FetchAsync(f, line, stop)));
        _problems.AddRange(fetched.OfType<string>());
        if (_problems.Count > 0 || ReadPlan() is not { } plan)
            return null;
        _problems.AddRange(new TargetGuard(offer.Allow).Refusals(plan));
        var replay = ReplayPreparation.IsNeeded(plan) ? OpenCaptures(plan) : null;
        var share = Described(replay?.Plan ?? plan, replay);
        if (_problems.Count == 0 && share is not null)
            _problems.AddRange(await Preflight.ProblemsAsync(share.Workload, offer.WorkShare(), options.Name, time, stop));
        if (_problems.Count == 0)
            return share;
        replay?.Dispose();
        return null;
    }

    private LoadPlan? ReadPlan()
    {
        try
        {
            var files = Path.Combine(folder, "files");
            PlanFolder.Lay(files, offer.Files, store.PathOf);
            var read = PlanReader.ParseIn(files, offer.Plan, "plan.yaml");
            _problems.AddRange(read.Problems.Select(p => p.ToString()));
            return read.Plan;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"Worker {options.Name} can't write its folder: {e.Message} Free space there, or give it another one with --state.");
            return null;
        }
    }

    private PreparedReplay? OpenCaptures(LoadPlan plan)
    {
        var prepared = ReplayPreparation.Open(plan, "plan.yaml", out var problems);
        _problems.AddRange(problems.Select(p => p.ToString()));
        return prepared;
    }

    private PreparedShare? Described(LoadPlan plan, PreparedReplay? replay)
    {
        if (_problems.Count > 0)
            return null;
        try
        {
            var (manifest, workload) = (ManifestText.Read(offer.Manifest), Workload.Of(plan));
            if (manifest.Requests.Count == plan.Requests.Count)
                return new(workload, manifest, replay);
            _problems.Add($"The run's manifest has {manifest.Requests.Count} requests, its plan {plan.Requests.Count}: this is a bug, please report it.");
        }
        catch (InvalidDataException e)
        {
            _problems.Add($"The run's manifest can't be read: {e.Message} This is a bug, please report it.");
        }
        return null;
    }
}
