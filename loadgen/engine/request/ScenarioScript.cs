namespace Pressure.LoadGen.Engine;

/// <summary>One step made ready: a request, or (without one) a pause.</summary>
internal readonly record struct ScriptStep(PreparedRequest? Request, TimeSpan ThinkMin, TimeSpan ThinkMax)
{
    /// <summary>Whether it is neither, but closes the iteration's connection.</summary>
    public bool Closes { get; init; }
}

/// <summary>A scenario's steps made ready.</summary>
internal sealed record ScenarioScript(IReadOnlyList<ScriptStep> Steps)
{
    /// <summary>The request that falls due when an iteration starts; null when it starts with a pause.</summary>
    public PreparedRequest? First { get; } = Steps[0].Request;

    /// <summary>Whether its requests differ from iteration to iteration.</summary>
    public bool IsScoped { get; } = Steps.Any(s => s.Request is { IsScoped: true });
}

/// <summary>All scenarios of a plan made ready for one lane.</summary>
internal static class ScriptTable
{
    /// <summary>
    /// A script for each request of a replay, which is what its captured requests are counted as. What they have is said by themselves, so nothing is
    /// added, taken out of answers, or followed.
    /// </summary>
    public static IReadOnlyList<ScenarioScript> OfEndpoints(EngineJob job, IReadOnlyList<Origin> origins)
    {
        var plan = job.Workload.Plan;
        var options = plan.Http with { Cookies = CookieKeeping.Off, Redirects = 0 };
        var limits = plan.Timeouts.ToList();
        return [.. plan.Requests.Select((r, i) => new ScenarioScript([new(Ready(r, i), default, default)]))];

        PreparedRequest Ready(Step.Request r, int index) =>
            new(r with { Template = null, Redirects = null, Extracts = [] }, index, Origin.IndexOf(origins, r.Url), options, job.RunId) { Limit = limits.IndexOf(plan.TimeoutOf(r)) };
    }

    /// <summary>Encodes every request; requests are numbered through all scenarios, as in the manifest.</summary>
    public static IReadOnlyList<ScenarioScript> Of(EngineJob job, IReadOnlyList<Origin> origins)
    {
        var plan = job.Workload.Plan;
        var index = 0;
        var limits = plan.Timeouts.ToList();
        return [.. plan.Scenarios.Select(s => new ScenarioScript([.. s.Steps.Select(Ready)]))];

        ScriptStep Ready(Step step) => step switch
        {
            Step.Request r => new(new PreparedRequest(r, index++, Origin.IndexOf(origins, r.Url), plan.Http, job.RunId) { Limit = limits.IndexOf(plan.TimeoutOf(r)) }, default, default),
            Step.Think t => new(null, t.Min, t.Max),
            Step.Close => new(null, default, default) { Closes = true },
            _ => throw new InvalidOperationException($"Unknown step {step.GetType().Name}"),
        };
    }
}
