using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What it takes to go on with a run whose coordinator is gone, read from its folder; or why it can't be.</summary>
/// <param name="Run">What is to be run on; null when there are problems.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Problems">What stands in the way.</param>
internal sealed record CrewReturn(RunRequest? Run, RunManifest? Manifest, IReadOnlyList<CrewProblem> Problems)
{
    /// <summary>Reads the folder and opens the run's mailbox; nothing is taken out of that yet.</summary>
    /// <exception cref="BusException">The bus can't be reached, or somebody else leads the run.</exception>
    public static async Task<CrewReturn> OpenAsync(ResumeRequest request, TimeProvider time, CancellationToken stop)
    {
        try
        {
            var manifest = RunFolder.ReadManifest(request.Folder);
            if (WhyNot(request.Folder, manifest) is { } problem)
                return No(problem);
            if (RunFolder.ReadCrew(request.Folder) is not { } bytes)
                return No(new($"'{request.Folder}' lacks {RunFolder.CrewFile}: its coordinator went before it had begun.", "Start the run again."));
            var file = CrewFile.Read(bytes, manifest.Crew!.Weights.Count);
            var record = RunFolder.Read(request.Folder);
            var read = file.PlanFolder is { } folder ? PlanReader.ParseIn(folder, record.PlanText, RunFolder.PlanFile) : PlanReader.Parse(record.PlanText, RunFolder.PlanFile);
            if (read.Plan is not { } plan)
                return new(null, null, [.. read.Problems.Select(p => new CrewProblem(p.ToString(), ""))]);
            IReadOnlyList<PlanProblem> unread = [];
            var captures = ReplayPreparation.IsNeeded(plan) ? ReplayPreparation.Open(plan, RunFolder.PlanFile, out unread) : null;
            if (unread.Count > 0)
                return new(null, null, [.. unread.Select(p => new CrewProblem(p.ToString(), ""))]);
            plan = captures?.Plan ?? plan;
            var run = new RunRequest(plan, record.PlanText, request.Folder, plan.SamplesLocal ? request.Hosts : [], request.Reports)
            {
                Feeds = request.Feeds,
                Sinks = request.Sinks,
                Companions = request.CompanionsOf(plan),
                Spread = request.Spread,
                Guard = new TargetGuard(file.Allow),
                Captures = captures,
            };
            try
            {
                return await WithCrewAsync(request, run, manifest, file, record, time, stop);
            }
            catch
            {
                captures?.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return No(new($"The run can't be gone on with: {e.Message}", "Its record so far can be reported: pressure report DIR."));
        }
    }

    private static CrewProblem? WhyNot(string folder, RunManifest manifest)
    {
        if (manifest.Crew is null)
            return new($"The run in '{folder}' had no workers: with its process its load ended.", "Start it again, or report what it has: pressure report DIR.");
        if (RunFolder.ReadEvents(folder).Any(e => e is TimelineEvent.RunEnded))
            return new($"The run in '{folder}' is over.", "Look at its report.");
        if (manifest.ProcessId != Environment.ProcessId && RunFolder.IsWriterAlive(manifest))
            return new($"The run in '{folder}' is still led by process {manifest.ProcessId}.", "Leave it alone, or end that process first.");
        if (manifest.Load.Search is not null)
            return new("A capacity search lives in the memory of its coordinator and can't be gone on with.", "Start the run again.");
        return null;
    }

    private static async Task<CrewReturn> WithCrewAsync(ResumeRequest request, RunRequest run, RunManifest manifest, CrewFile file, RunRecord record, TimeProvider time, CancellationToken stop)
    {
        if (run.Captures is { } captures && !captures.Plan.Requests.Select(r => r.Name).SequenceEqual(manifest.Requests.Select(r => r.Name)))
        {
            captures.Dispose();
            return No(new("The captures are not those that the run began with.", "Put them back, or report what it has: pressure report DIR."));
        }
        var offered = file.Offered ?? OfferedPlan.Of(run, file.PlanFolder);
        var files = await OfferedFiles.OfAsync(offered.Places, stop);
        return new(run with { Crew = await CrewOf(request, run, manifest, file, record, offered, files, time, stop) }, manifest, []);
    }

    private static async Task<Crew> CrewOf(ResumeRequest request, RunRequest run, RunManifest manifest, CrewFile file, RunRecord record, OfferedPlan offered, OfferedFiles files, TimeProvider time, CancellationToken stop)
    {
        var crew = manifest.Crew!;
        var wish = new WorkersWish { Count = crew.Weights.Count, Heartbeat = crew.Heartbeat, Lease = crew.Lease, Tolerance = crew.Tolerance };
        var offers = new CrewOffers(manifest.Id, ManifestText.Write(manifest with { Crew = null }), offered.Text, files.Files, file.Allow, crew.Weights, crew.Heartbeat, crew.Lease);
        var desk = new CrewDesk(time);
        var post = await CrewPost.OpenAsync(request.Bus, manifest.Id, files, desk, time, stop);
        return new Crew(manifest, offers, [.. file.Workers.Select(c => new CrewMember(c))], post, desk, new CrewRequest(request.Bus, run, wish) { PlanFolder = file.PlanFolder, Offered = file.Offered, Allow = file.Allow }, time, new CrewPast(file, record));
    }

    private static CrewReturn No(CrewProblem problem) => new(null, null, [problem]);
}
