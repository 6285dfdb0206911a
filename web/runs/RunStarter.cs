using Pressure.Agent;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Captures;
using Pressure.Web.Chaos;
using Pressure.Web.Settings;
using Pressure.Web.State;
using Pressure.Web.Workers;

namespace Pressure.Web.Runs;

/// <summary>From the text of a plan to a run. Pages and API start runs here and nowhere else, so that none goes past the guard.</summary>
internal sealed class RunStarter(WebOptions options, SettingsFile settings, ActiveRuns active, IAgentHistory agents, MetricExport export, ExperimentsOfRun experiments, IWorkerDirectory workers, LiveReplays live, TimeProvider time, SharedState? shared = null)
{
    /// <param name="planText">The plan.</param>
    /// <param name="language">That of its reports.</param>
    /// <param name="count">How many workers are to make the load; null for as many as the plan says.</param>
    /// <param name="stop">Ends the search for workers.</param>
    public async Task<StartOutcome> StartAsync(string planText, ReportLanguage language, int? count, CancellationToken stop)
    {
        var read = PlanReader.Parse(planText, "plan", experiments.Keeps, options.CapturesFolder);
        if (read.Plan is not { } plan)
            return new StartOutcome.Invalid(read.Problems);
        var guard = settings.Guard();
        if (guard.Refusals(plan) is { Count: > 0 } refusals)
            return new StartOutcome.Refused(refusals, guard.RefusedHosts(plan));
        var hosts = ChosenHosts.Of(plan, "plan", ChosenHosts.NeedsAgents(plan) ? agents.Agents : []);
        if (hosts.Problems.Count > 0)
            return new StartOutcome.Invalid(hosts.Problems);
        var (companions, problems) = experiments.Of(plan);
        if (problems.Count > 0)
            return new StartOutcome.Invalid(problems);
        var wish = count is { } number ? (plan.Workers ?? new WorkersWish { Count = number }) with { Count = number } : plan.Workers;
        var isLive = LiveReplays.IsNeeded(plan);
        if (isLive && wish is not null)
            return new StartOutcome.Invalid([new("plan", 1, 1, "workers", "can't share what passes meanwhile", "Let this machine make the load, or make a capture first and replay that.")]);
        // Nobody gathers workers for a run that can't begin, or looks at traffic.
        if ((wish is not null || isLive) && active.All() is { } going && going.Count >= options.RunsAtOnce)
            return new StartOutcome.Busy([.. going.Select(r => r.Manifest)]);
        PreparedReplay? captures = null;
        if (isLive)
            (captures, problems) = await live.OpenAsync(plan, stop);
        else if (ReplayPreparation.IsNeeded(plan))
            captures = ReplayPreparation.Open(plan, "plan", out problems);
        if (problems.Count > 0)
            return new StartOutcome.Invalid(problems);
        var request = Request(captures?.Plan ?? plan, read.Text, hosts, guard, language) with { Companions = companions, Captures = captures };
        StartOutcome? outcome = null;
        try
        {
            return outcome = wish is null ? Start(request) : await StartAsync(request, wish, stop);
        }
        finally
        {
            // Else the run disposes of them.
            if (outcome is not StartOutcome.Started)
                captures?.Dispose();
        }
    }

    private async Task<StartOutcome> StartAsync(RunRequest request, WorkersWish wish, CancellationToken stop)
    {
        Recruiting recruited;
        try
        {
            recruited = await workers.RecruitAsync(request, wish, [.. settings.FromCommandLine, .. settings.Current.Allow], stop);
        }
        catch (BusException e)
        {
            return new StartOutcome.NoWorkers([new CrewProblem($"The broker can't be reached: {e.Message.TrimEnd('.')}.", "See whether it runs, or leave 'workers' out of the plan: then this machine makes the load.")]);
        }
        if (recruited.Crew is not { } crew)
            return new StartOutcome.NoWorkers(recruited.Problems);
        var outcome = Start(request with { Crew = crew });
        if (outcome is not StartOutcome.Started)
            await crew.DisposeAsync();
        return outcome;
    }

    private StartOutcome Start(RunRequest request)
    {
        try
        {
            var run = active.TryStart(() => new Coordinator(time).Start(request));
            return run is not null ? new StartOutcome.Started(new RunListing(run.Manifest.Id, run.Folder, RunState.Running, run.Manifest, null, null)) : new StartOutcome.Busy([.. active.All().Select(r => r.Manifest)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StartOutcome.NotWritable(e.Message);
        }
    }

    private RunRequest Request(LoadPlan plan, string text, ChosenHosts hosts, TargetGuard guard, ReportLanguage language)
    {
        IReadOnlyList<IHostSource> own = hosts.Local ? [new LocalHost()] : [];
        IReadOnlyList<IHostFeed> feeds = ChosenHosts.NeedsAgents(plan) ? [new AgentFeed(agents, hosts, time)] : [];
        return new RunRequest(plan, text, Folder: null, own, new ReportOptions(language)) { RunsFolder = options.RunsFolder, Feeds = feeds, Guard = guard, Sinks = [export], Spread = shared is null ? null : shared.Runs.SpreadAsync };
    }
}
