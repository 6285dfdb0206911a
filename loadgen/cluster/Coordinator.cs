using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>
/// Runs plans: schedule, engine, host samples, run folder, live feed, reports. A local run is a cluster run with one share.
/// The command line and the web service drive this same one.
/// </summary>
/// <param name="time">The clock of its runs.</param>
public sealed class Coordinator(TimeProvider time)
{
    /// <summary>How long before offset zero a run is set up: threads and connections are ready when the first request is due.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(500);

    /// <summary>What makes the load.</summary>
    internal RunEngine Engine { get; init; } = (job, clock, onSecond, stop) => new LoadEngine(job, clock).RunAsync(onSecond, stop);

    /// <summary>Creates the run folder and starts the run.</summary>
    /// <exception cref="IOException">The run folder can't be written, or already holds a run.</exception>
    /// <exception cref="UnauthorizedAccessException">The run folder can't be written.</exception>
    public RunHandle Start(RunRequest request)
    {
        var workload = Workload.Of(request.Plan);
        var clock = new RunClock(time, request.Crew?.Lead ?? Lead);
        var manifest = Describe(request, workload, request.Crew?.RunId ?? RunId.New(request.Plan.Name, clock.StartedAt), clock.StartedAt) with { Crew = request.Crew?.Manifest };
        var writer = RunFolder.Create(request.Folder ?? Path.Combine(request.RunsFolder, manifest.Id), manifest, request.PlanText);
        var run = new CoordinatedRun(request, workload, clock, writer, time, Engine);
        var control = ControlSocket.Open(run.Folder, run, time);
        return new RunHandle(run, Task.Run(() => RunAsync(run, control, request.Crew)));
    }

    private static async Task<RunOutcome> RunAsync(CoordinatedRun run, ControlSocket? control, Crew? crew)
    {
        await using (control)
        await using (crew)
            return await run.RunAsync();
    }

    /// <summary>The manifest of a run, without its crew.</summary>
    internal static RunManifest Describe(RunRequest request, Workload workload, string id, DateTimeOffset startedAt) => new()
    {
        Id = id,
        Name = request.Plan.Name,
        Target = request.Plan.Target.AbsoluteUri,
        StartedAt = startedAt,
        Version = ProductVersion.Text,
        Duration = request.Plan.Duration,
        WarmUp = request.Plan.WarmUp,
        Load = workload.Load,
        Requests = workload.Requests(),
        Thresholds = [.. request.Plan.Thresholds.Select(t => new ThresholdManifest(t.Metric, t.Expression))],
        Hosts = [.. request.Hosts.Select(h => h.Host), .. request.Feeds.SelectMany(f => f.Hosts).Select(h => h.Name)],
        Agents = [.. request.Feeds.SelectMany(f => f.Hosts)],
        ProcessId = Environment.ProcessId,
        ProcessStart = RunFolder.ProcessStart(Environment.ProcessId) ?? 0,
    };
}
