using Pressure.Agent;
using Pressure.Chaos;
using Pressure.Cli.Chaos;
using Pressure.Cli.Commands;
using Pressure.Cli.ConsoleOutput;
using Pressure.Cli.Replay;
using Pressure.Cli.Workers;
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

    /// <summary>Who makes the load; null for this process.</summary>
    public CrewOrder? Workers { get; init; }

    /// <summary>The plan as workers get it, if that is another one; null for the same.</summary>
    public OfferedPlan? Offered { get; init; }

    /// <summary>Hosts that may be pressed besides this machine, for workers to hold to.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <param name="read">A plan without problems.</param>
    /// <param name="file">Its file, as problems name it.</param>
    /// <param name="service">The service whose agents it may name; null for the usual one.</param>
    /// <param name="folder">Where to write; null for a folder of its own in <c>runs</c>.</param>
    /// <param name="captures">The captures of a replay whose plan has been prepared; null to do so.</param>
    public async Task<int> RunAsync(PlanResult read, string file, string? service, string? folder, PreparedReplay? captures = null)
    {
        if (Workers is not null && LiveOpening.IsNeeded(read.Plan!))
            return output.Invalid("Workers can't share what passes meanwhile.", "Leave --workers and --broker away, or make a capture first and replay that.");
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
            return await RunAsync(read, file, experiments, service, folder, [], captures, signals);
        RemoteAgents agents;
        try
        {
            agents = await ServiceAgents.ConnectAsync(service, time, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
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
                : await RunAsync(read, file, experiments, service, folder, [new AgentFeed(agents, hosts, time)], captures, signals);
        }
    }

    private async Task<int> RunAsync(PlanResult read, string file, ChosenExperiments experiments, string? service, string? folder, IReadOnlyList<IHostFeed> feeds, PreparedReplay? captures, StopSignals signals)
    {
        IReadOnlyList<IHostSource> own = read.Plan!.SamplesLocal ? [new LocalHost()] : [];
        await using var export = MetricExport.To(ExportTo, time);
        RunHandle run;
        LocalWorld? world = null;
        Crew? crew = null;
        IBus? bus = null;
        await using var elsewhere = new ServiceHosts(service, time);
        try
        {
            world = OpenWorld(experiments, elsewhere);
            var request = new RunRequest(read.Plan, read.Text, folder, own, reports) { Guard = guard, Feeds = feeds, Sinks = [export], Companions = Companions(read.Plan, experiments, world), Captures = captures };
            if (Workers is not null)
            {
                bus = await CrewConnection.ConnectAsync(Workers.Broker, output, signals.Token);
                var wanted = new CrewRequest(bus, request, Workers.Wish) { PlanFolder = Path.GetDirectoryName(Path.GetFullPath(file)), Offered = Offered, Allow = Allow };
                crew = await CrewConnection.RecruitAsync(wanted, output, time, signals.Token);
                if (crew is null)
                {
                    await bus.DisposeAsync();
                    world?.Dispose();
                    return ExitCodes.InvalidInput;
                }
            }
            run = new Coordinator(time).Start(request with { Crew = crew });
        }
        catch (BusException e)
        {
            world?.Dispose();
            return output.Invalid(e.Message, "Nothing was run.");
        }
        catch (OperationCanceledException)
        {
            await (bus?.DisposeAsync() ?? default);
            world?.Dispose();
            return ExitCodes.Interrupted;
        }
        catch (GuardBookException e)
        {
            return output.Invalid(e.Message, "The plan's experiments can't run without their guards.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            world?.Dispose();
            await (crew?.DisposeAsync() ?? default);
            await (bus?.DisposeAsync() ?? default);
            return output.Invalid($"Cannot write the run folder: {e.Message}", "Name a new or empty folder that you may write to with --out.");
        }

        using var opened = world;
        await using var way = bus;
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
