using Pressure.Agent;
using Pressure.Chaos;
using Pressure.Cli.Chaos;
using Pressure.Cli.Commands;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;
using Pressure.Cluster;
using Pressure.Faults;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;
using Pressure.Web.Agents;

namespace Pressure.Cli;

/// <summary>Runs a checked plan in front of a person or a CI job, and gives the exit code.</summary>
internal sealed class PlanRunner(TargetGuard guard, ReportOptions reports, RunOutput output, TimeProvider time)
{
    /// <summary>Where metrics go besides the run folder.</summary>
    public IReadOnlyList<ExportTarget> ExportTo { get; init; } = [];

    /// <param name="read">A plan without problems.</param>
    /// <param name="file">Its file, as problems name it.</param>
    /// <param name="service">The service whose agents it may name; null for the usual one.</param>
    /// <param name="folder">Where to write; null for a folder of its own in <c>runs</c>.</param>
    /// <param name="captures">The captures of a replay whose plan has been prepared; null to do so.</param>
    public async Task<int> RunAsync(PlanResult read, string file, string? service, string? folder, PreparedReplay? captures = null)
    {
        if (captures is null && ReplayPreparation.IsNeeded(read.Plan!))
        {
            var (opened, problems) = await ReplayOpening.OpenAsync(read.Plan!, file, service, output, time);
            using var prepared = opened;
            return prepared is null ? problems.Count > 0 ? output.Problems(problems) : ExitCodes.Interrupted : await RunAsync(read with { Plan = prepared.Plan }, file, service, folder, prepared);
        }

        foreach (var notice in captures?.Notices ?? [])
            output.Notice(notice);
        if (folder is not null && string.IsNullOrWhiteSpace(folder))
            return output.Invalid("--out names no folder.", "Name a new or empty folder, or leave --out away.");
        var experiments = ChosenExperiments.Of(read.Plan!, Environment.GetEnvironmentVariable);
        if (experiments.Problems.Count > 0)
            return output.Problems(experiments.Problems);
        using var signals = new StopSignals();
        if (!ChosenHosts.NeedsAgents(read.Plan!))
            return await RunAsync(read, experiments, service, folder, [], captures, signals);
        RemoteAgents agents;
        try
        {
            agents = await ServiceAgents.ConnectAsync(service, time, signals.Token);
        }
        catch (IOException e)
        {
            return output.Invalid(
                $"The plan's hosts name agents. {e.Message}",
                "Start the service that they are connected to (./pressure serve), name it with --service URL, or let hosts be [ local ].");
        }
        await using (agents)
        {
            var hosts = ChosenHosts.Of(read.Plan!, file, agents.Agents);
            return hosts.Problems.Count > 0
                ? output.Problems(hosts.Problems)
                : await RunAsync(read, experiments, service, folder, [new AgentFeed(agents, hosts, time)], captures, signals);
        }
    }

    private async Task<int> RunAsync(PlanResult read, ChosenExperiments experiments, string? service, string? folder, IReadOnlyList<IHostFeed> feeds, PreparedReplay? captures, StopSignals signals)
    {
        IReadOnlyList<IHostSource> own = read.Plan!.SamplesLocal ? [new LocalHost()] : [];
        await using var export = MetricExport.To(ExportTo, time);
        RunHandle run;
        LocalWorld? world = null;
        await using var elsewhere = new ServiceHosts(service, time);
        try
        {
            world = OpenWorld(experiments, elsewhere);
            run = new Coordinator(time).Start(new RunRequest(read.Plan, read.Text, folder, own, reports) { Guard = guard, Feeds = feeds, Sinks = [export], Companions = Companions(read.Plan, experiments, world), Captures = captures });
        }
        catch (GuardBookException e)
        {
            return output.Invalid(e.Message, "The plan's experiments can't run without their guards.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            world?.Dispose();
            return output.Invalid($"Cannot write the run folder: {e.Message}", "Name a new or empty folder that you may write to with --out.");
        }

        using var opened = world;
        await using var stopping = signals.Token.Register(() => run.Stop(signals.By));
        await output.FollowAsync(run);
        var outcome = await run.Completion;
        output.Finish(outcome);
        return outcome.Summary.ExitCode;
    }

    private List<IRunCompanion> Companions(LoadPlan plan, ChosenExperiments chosen, LocalWorld? world)
    {
        if (world is null)
            return [];
        // The same seed strikes the same, where the same is there.
        var random = new Random(plan.Seed);
        return [new ChaosCompanion(chosen.Experiments, (timeline, metrics) => world.OnAsync(timeline, random, metrics), ChaosPlace.By, time)];
    }

    private LocalWorld? OpenWorld(ChosenExperiments chosen, ServiceHosts elsewhere) =>
        chosen.Experiments.Count == 0 ? null : LocalWorld.Open(new(time, StateFolder.Usual) { Agents = elsewhere.Hosts });
}
