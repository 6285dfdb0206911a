using Pressure.LoadGen;
using Pressure.Web.Settings;

namespace Pressure.Web.Runs;

/// <summary>Sends one request of a plan once, behind the same guard as a run.</summary>
internal sealed class TryOnce(SettingsFile settings)
{
    /// <summary>Requests made this way carry this run id, so that the target's side can tell them.</summary>
    public const string RunId = "try";

    /// <summary>Someone waits and looks: no request may take longer, whatever the plan says.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <param name="plan">The plan.</param>
    /// <param name="number">Which of its requests.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<TryOutcome> SendAsync(LoadPlan plan, int number, CancellationToken stop)
    {
        var requests = plan.Requests;
        if (number < 0 || number >= requests.Count)
            return new TryOutcome.NoSuchRequest(requests.Count);
        var request = requests[number];
        var only = plan with { Scenarios = [new Scenario("try", 1, [request])] };
        var guard = settings.Guard();
        if (guard.Refusals(only) is { Count: > 0 } refusals)
            return new TryOutcome.Refused(refusals, guard.RefusedHosts(only));
        var scenario = plan.Scenarios.First(s => s.Steps.Contains(request));
        return new TryOutcome.Sent(request, await SingleRequest.TryAsync(scenario, request, plan.Http, RunId, Longest, stop, guard));
    }
}
