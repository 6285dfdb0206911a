using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>
/// A plan made ready to run: iterations, not requests, are scheduled. The plan's rate counts requests per second, so iterations start
/// at that rate divided by the mean number of requests per iteration (by weight).
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Starts">Intended starts of iterations.</param>
/// <param name="Mix">Which scenario each iteration runs.</param>
/// <param name="Load">The load for the manifest: segments in requests per second, total requests, page-view arithmetic.</param>
public sealed record Workload(LoadPlan Plan, Schedule Starts, ScenarioMix Mix, LoadManifest Load)
{
    /// <summary>Works out a plan's schedule.</summary>
    public static Workload Of(LoadPlan plan)
    {
        var (stages, views) = StagesOf(plan);
        var mix = new ScenarioMix([.. plan.Scenarios.Select(s => s.Weight)]);
        var starts = Schedule.Create(stages, MeanRequests(plan, mix), plan.Arrivals, plan.Seed);
        var load = new LoadManifest
        {
            Kind = KindOf(plan.Load),
            Segments = Segments(stages),
            Arrivals = plan.Arrivals == LoadGen.Arrivals.Poisson ? "poisson" : "uniform",
            Total = mix.CountsOf(starts.Count).Zip(plan.Scenarios, (runs, s) => runs * RequestsOf(s)).Sum(),
            PageViews = views,
        };
        return new(plan, starts, mix, load);
    }

    /// <summary>The plan's requests for the manifest, each with its share of all requests.</summary>
    public IReadOnlyList<RequestManifest> Requests()
    {
        var total = (double)Plan.Scenarios.Zip(Mix.Weights, (s, weight) => (long)weight * RequestsOf(s)).Sum();
        return
        [
            .. from pair in Plan.Scenarios.Zip(Mix.Weights)
               from request in pair.First.Steps.OfType<Step.Request>()
               select new RequestManifest(request.Name, pair.First.Name, request.Method, request.Url.AbsoluteUri, request.Service, pair.Second / total),
        ];
    }

    private static (IReadOnlyList<Stage> Stages, PageViewManifest? Views) StagesOf(LoadPlan plan)
    {
        switch (plan.Load)
        {
            case Load.Staged staged:
                return (staged.Stages, null);
            case Load.Constant constant:
                return ([new(constant.Rate, constant.Rate, plan.Duration)], null);
            case Load.FromPageViews { Views: var views }:
                var derived = views.Derive();
                var rate = new Rate((decimal)derived.TargetQps, TimeSpan.FromSeconds(1));
                return ([new(rate, rate, plan.Duration)], derived);
            default:
                throw new NotSupportedException($"Load {plan.Load.GetType().Name} has no schedule.");
        }
    }

    private static Fraction MeanRequests(LoadPlan plan, ScenarioMix mix) =>
        new(plan.Scenarios.Zip(mix.Weights, (s, weight) => (long)weight * RequestsOf(s)).Sum(), mix.Weights.Sum());

    private static int RequestsOf(Scenario scenario) => scenario.Steps.OfType<Step.Request>().Count();

    private static string KindOf(Load load) => load switch
    {
        LoadGen.Load.FromPageViews => "pv",
        LoadGen.Load.Constant => "rate",
        _ => "stages",
    };

    private static List<RateSegment> Segments(IReadOnlyList<Stage> stages)
    {
        var segments = new List<RateSegment>();
        var from = TimeSpan.Zero;
        foreach (var stage in stages)
        {
            segments.Add(new(from, from + stage.Over, stage.From.PerSecond, stage.To.PerSecond));
            from += stage.Over;
        }
        return segments;
    }
}
