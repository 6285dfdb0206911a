using System.Reflection;
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
        var clock = new RunClock(time, Lead);
        var manifest = Describe(request, workload, clock);
        var writer = RunFolder.Create(request.Folder ?? Path.Combine(request.RunsFolder, manifest.Id), manifest, request.PlanText);
        var run = new LocalRun(request, workload, clock, writer, time, Engine);
        var control = ControlSocket.Open(run.Folder, run, time);
        return new RunHandle(run, Task.Run(() => RunAsync(run, control)));
    }

    private static async Task<RunOutcome> RunAsync(LocalRun run, ControlSocket? control)
    {
        await using (control)
            return await run.RunAsync();
    }

    private static RunManifest Describe(RunRequest request, Workload workload, RunClock clock) => new()
    {
        Id = RunId.New(request.Plan.Name, clock.StartedAt),
        Name = request.Plan.Name,
        Target = request.Plan.Target.AbsoluteUri,
        StartedAt = clock.StartedAt,
        Version = typeof(Coordinator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0",
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
