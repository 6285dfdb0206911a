using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>
/// A plan made ready to run: iterations, not requests, are scheduled. The plan's rate counts requests per second, so iterations start
/// at that rate divided by the mean number of requests per iteration (by weight).
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Starts">Intended starts of iterations by the mix; none of them when scenarios have rates of their own, and for users.</param>
/// <param name="Mix">Which scenario each iteration runs.</param>
/// <param name="Load">The load for the manifest: segments in requests per second, total requests, page-view arithmetic.</param>
public sealed record Workload(LoadPlan Plan, Schedule Starts, ScenarioMix Mix, LoadManifest Load)
{
    /// <summary>Length of the load.</summary>
    public TimeSpan Duration => Starts.Duration;

    /// <summary>The schedules that ask for iterations; at least one.</summary>
    internal IReadOnlyList<StartStream> Streams => OwnStreams.Count > 0 ? OwnStreams : [new(Starts, Scenario: null) { Order = Order }];

    /// <summary>The users of a closed load; null when schedules ask.</summary>
    internal UserProfile? Users { get; private init; }

    private List<StartStream> OwnStreams { get; init; } = [];

    private StartOrder Order { get; init; } = StartOrder.Nothing;

    /// <summary>Works out a plan's schedule.</summary>
    public static Workload Of(LoadPlan plan)
    {
        var mix = new ScenarioMix([.. plan.Scenarios.Select(WeightIn(plan))]);
        return plan.Load switch
        {
            LoadGen.Load.Users users => OfUsers(plan, mix, users.Stages),
            LoadGen.Load.PerScenario => OfOwnRates(plan, mix),
            LoadGen.Load.Replay replay => OfReplay(plan, mix, replay),
            _ => OfRate(plan, mix),
        };
    }

    /// <summary>The plan's requests for the manifest, each with its share of all requests.</summary>
    public IReadOnlyList<RequestManifest> Requests()
    {
        if (Plan.Load is LoadGen.Load.Replay { Counts: { Count: > 0 } counts } && counts.Sum() is > 0 and var all)
            return [.. AsPlanned().Zip(counts, (request, count) => request with { Share = (double)count / all })];
        return AsPlanned();
    }

    private IReadOnlyList<RequestManifest> AsPlanned()
    {
        var ownRates = Plan.Load is LoadGen.Load.PerScenario ? Plan.Scenarios.Sum(s => s.Rate!.Value.PerSecond) : 0;
        var total = (double)Plan.Scenarios.Zip(Mix.Weights, (s, weight) => (long)weight * RequestsOf(s)).Sum();
        return
        [
            .. from pair in Plan.Scenarios.Zip(Mix.Weights)
               from request in pair.First.Steps.OfType<Step.Request>()
               select new RequestManifest(request.Name, pair.First.Name, request.Method, request.Url.AbsoluteUri, request.Service, pair.First.Rate is { } own ? own.PerSecond / RequestsOf(pair.First) / ownRates : pair.Second / total),
        ];
    }

    private static Workload OfRate(LoadPlan plan, ScenarioMix mix)
    {
        var (stages, views) = StagesOf(plan);
        var requestsPerStart = MeanRequests(plan, mix);
        var order = new StartOrder([.. stages.Select(s => RateLine.Of(s, requestsPerStart))], 1L / requestsPerStart, plan.Arrivals, plan.Seed);
        var starts = order.Schedule();
        var search = SearchOf(plan);
        var total = search is null ? mix.CountsOf(starts.Count).Zip(plan.Scenarios, (runs, s) => runs * RequestsOf(s)).Sum() : 0;
        return new(plan, starts, mix, Manifest(plan, Segments(stages), total) with { PageViews = views, Search = search }) { Order = order };
    }

    private static SearchManifest? SearchOf(LoadPlan plan) => plan.Load is not LoadGen.Load.Search search ? null : new()
    {
        Slo = [.. search.Slo.Select(t => new ThresholdManifest(t.Metric, t.Expression))],
        From = search.From.PerSecond,
        To = search.To?.PerSecond,
        Plateau = search.Plateau,
        Resolution = search.Resolution,
    };

    private static Workload OfOwnRates(LoadPlan plan, ScenarioMix mix)
    {
        // A seed of its own for each, or equal rates would be Poisson at the same moments.
        var all = plan.Scenarios.Aggregate((Fraction)0L, (sum, s) => sum + RateLine.PerTick(s.Rate!.Value));
        var streams = plan.Scenarios.Select((s, i) => StartStream.Of(OwnOrder(plan, s, all, unchecked(plan.Seed + i)), i)).ToList();
        var rate = plan.Scenarios.Sum(s => s.Rate!.Value.PerSecond);
        var total = streams.Zip(plan.Scenarios, (stream, s) => stream.Starts.Count * RequestsOf(s)).Sum();
        var load = Manifest(plan, [new(TimeSpan.Zero, plan.Duration, rate, rate)], total);
        return new(plan, Silence(plan.Duration), mix, load) { OwnStreams = streams };
    }

    private static StartOrder OwnOrder(LoadPlan plan, Scenario scenario, Fraction ofAll, int seed)
    {
        var line = RateLine.Of(new(scenario.Rate!.Value, scenario.Rate.Value, plan.Duration), RequestsOf(scenario));
        return new([line], ofAll.Numerator.IsZero ? 0L : line.From / ofAll, plan.Arrivals, seed);
    }

    private static Workload OfUsers(LoadPlan plan, ScenarioMix mix, IReadOnlyList<UserStage> stages)
    {
        var segments = new List<UserSegment>();
        var from = TimeSpan.Zero;
        foreach (var stage in stages)
        {
            segments.Add(new(from, from + stage.Over, stage.From, stage.To));
            from += stage.Over;
        }
        return new(plan, Silence(from), mix, Manifest(plan, [], total: 0) with { Users = segments }) { Users = new UserProfile(stages) };
    }

    // What is due when is the source's to say.
    private static Workload OfReplay(LoadPlan plan, ScenarioMix mix, LoadGen.Load.Replay replay) =>
        new(plan, Silence(plan.Duration), mix, Manifest(plan, replay.Rates, replay.Counts.Sum()));

    private static Schedule Silence(TimeSpan length)
    {
        var none = new Rate(0, TimeSpan.FromSeconds(1));
        return Schedule.Create([new(none, none, length)], Arrivals.Uniform, seed: 0);
    }

    private static LoadManifest Manifest(LoadPlan plan, IReadOnlyList<RateSegment> segments, long total) => new()
    {
        Kind = KindOf(plan.Load),
        Segments = segments,
        Arrivals = plan.Arrivals == Arrivals.Poisson ? "poisson" : "uniform",
        Total = total,
        OpenEnded = plan.Load is LoadGen.Load.Replay { Order: { Live: not null, Duration: null } },
    };

    /// <summary>A scenario's share of the iterations.</summary>
    private static Func<Scenario, decimal> WeightIn(LoadPlan plan) => plan.Load is LoadGen.Load.PerScenario
        ? s => s.Rate!.Value.Count / s.Rate.Value.Per.Ticks * TimeSpan.TicksPerSecond / RequestsOf(s)
        : s => s.Weight;

    private static (IReadOnlyList<Stage> Stages, PageViewManifest? Views) StagesOf(LoadPlan plan)
    {
        switch (plan.Load)
        {
            case Load.Staged staged:
                return (staged.Stages, null);
            case Load.Constant constant:
                return ([new(constant.Rate, constant.Rate, plan.Duration)], null);
            // The search steers it from there.
            case Load.Search search:
                return ([new(search.From, search.From, plan.Duration)], null);
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
        LoadGen.Load.Users => "users",
        LoadGen.Load.PerScenario => "rates",
        LoadGen.Load.Search => "search",
        LoadGen.Load.Replay => LoadManifest.ReplayKind,
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
