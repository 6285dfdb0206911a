using Pressure.Agent;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Reports.Export;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Chaos;
using Pressure.Web.Settings;

namespace Pressure.Web.Runs;

/// <summary>From the text of a plan to a run. Pages and API start runs here and nowhere else, so that none goes past the guard.</summary>
internal sealed class RunStarter(WebOptions options, SettingsFile settings, ActiveRuns active, IAgentHistory agents, MetricExport export, ExperimentsOfRun experiments, TimeProvider time)
{
    public StartOutcome Start(string planText, ReportLanguage language)
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
        PreparedReplay? captures = null;
        if (ReplayPreparation.IsNeeded(plan) && (captures = ReplayPreparation.Open(plan, "plan", out problems)) is null)
            return new StartOutcome.Invalid(problems);
        try
        {
            var run = active.TryStart(() => new Coordinator(time).Start(Request(captures?.Plan ?? plan, read.Text, hosts, guard, language) with { Companions = companions, Captures = captures }));
            if (run is null)
                captures?.Dispose();
            return run is not null ? new StartOutcome.Started(new RunListing(run.Manifest.Id, run.Folder, RunState.Running, run.Manifest, null, null)) : new StartOutcome.Busy([.. active.All().Select(r => r.Manifest)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            captures?.Dispose();
            return new StartOutcome.NotWritable(e.Message);
        }
    }

    private RunRequest Request(LoadPlan plan, string text, ChosenHosts hosts, TargetGuard guard, ReportLanguage language)
    {
        IReadOnlyList<IHostSource> own = hosts.Local ? [new LocalHost()] : [];
        IReadOnlyList<IHostFeed> feeds = ChosenHosts.NeedsAgents(plan) ? [new AgentFeed(agents, hosts, time)] : [];
        return new RunRequest(plan, text, Folder: null, own, new ReportOptions(language)) { RunsFolder = options.RunsFolder, Feeds = feeds, Guard = guard, Sinks = [export] };
    }
}
