using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Plans of a few lines, and what a run of one gave.</summary>
internal sealed record EngineRun(IReadOnlyList<EngineSecond> Seconds, Interval Total, TimeSpan Took)
{
    /// <summary>The servers of tests have certificates that nobody trusts.</summary>
    public static HttpOptions Insecure { get; } = new() { Insecure = true };

    public RequestInterval Only => Total.Requests.Single();

    public static Step.Request Get(Uri url, string name = "GET /") => new() { Name = name, Method = "GET", Url = url, Service = url.Authority };

    public static LoadPlan Plan(decimal rate, double seconds, params Step[] steps) =>
        Plan(rate, seconds, [new Scenario("only", 1, steps)]);

    public static LoadPlan Plan(decimal rate, double seconds, IReadOnlyList<Scenario> scenarios) => new()
    {
        Name = "test",
        Target = scenarios.SelectMany(s => s.Steps).OfType<Step.Request>().First().Url,
        Duration = TimeSpan.FromSeconds(seconds),
        Load = new Load.Constant(new Rate(rate, TimeSpan.FromSeconds(1))),
        Scenarios = scenarios,
        Http = Insecure,
    };

    /// <summary>
    /// The same load with silence behind it. What is under way when the load is over may finish within the request timeout; a request
    /// that a busy machine dispatched late would be stopped then, just before it times out.
    /// </summary>
    public static LoadPlan ThenSilence(LoadPlan plan, double seconds)
    {
        var (rate, none) = (((Load.Constant)plan.Load).Rate, new Rate(0, TimeSpan.FromSeconds(1)));
        var silence = TimeSpan.FromSeconds(seconds);
        // A moment less, or the start at the load's very end would be made as well.
        var pressed = plan.Duration - TimeSpan.FromMilliseconds(1);
        return plan with { Load = new Load.Staged([new(rate, rate, pressed), new(none, none, silence)]), Duration = pressed + silence };
    }

    public static async Task<EngineRun> Of(LoadPlan plan, int lanes = 2, CancellationTokenSource? stop = null, bool overHandler = false, TargetGuard? guard = null, Action<EngineSecond>? onSecond = null)
    {
        var workload = Workload.Of(plan);
        var clock = new RunClock(TimeProvider.System);
        var seconds = new List<EngineSecond>();
        onSecond += seconds.Add;
        await new LoadEngine(new EngineJob(workload, "run-1", lanes) { Guard = guard ?? new([]) }, clock, hasTls: !overHandler).RunAsync(onSecond, stop?.Token ?? CancellationToken.None);
        var total = new Interval(0, 0, plan.Requests.Count);
        seconds.ForEach(s => total.Add(s.Interval));
        var run = new EngineRun(seconds, total, clock.Now);
        run.AssertConserved();
        if (stop is null && plan.Load is not Load.Users)
            Assert.Equal(workload.Load.Total, total.Requests.Sum(r => r.Asked));
        return run;
    }

    // Holds over every run, whatever happened in it.
    private void AssertConserved()
    {
        Assert.Equal(Enumerable.Range(0, Seconds.Count), Seconds.Select(s => s.Interval.Second));
        foreach (var request in Total.Requests)
        {
            Assert.Equal(request.Asked, request.Sent + request.NotSent);
            Assert.Equal(request.Sent, request.Ok + request.Failed);
            Assert.Equal(request.Failed, request.Errors().Sum(e => e.Count));
            Assert.Equal(request.Sent, request.ResponseTime.Count);
            Assert.Equal(request.Sent, request.ServiceTime.Count);
            Assert.InRange(request.Late, 0, request.Sent);
            AssertPhasesFit(request);
        }

        Assert.Equal(Total.IterationsStarted, Total.IterationsEnded);
    }

    // All phases of a request lie between its being due and its end, one after the other. Histograms are right to a thousandth.
    private static void AssertPhasesFit(RequestInterval request)
    {
        foreach (var phase in Enum.GetValues<RequestPhase>())
            Assert.InRange(request.Phases[phase]?.Count ?? 0, 0, request.Sent);
        var phases = Enum.GetValues<RequestPhase>().Sum(p => request.Phases.Total(p).TotalMicroseconds);
        var whole = request.ResponseTime.Mean.TotalMicroseconds * request.ResponseTime.Count;
        Assert.InRange(phases, 0, whole * 1.002 + 10 * request.Sent);
    }
}
