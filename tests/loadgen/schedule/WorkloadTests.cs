namespace Pressure.LoadGen.Tests;

public sealed class WorkloadTests
{
    private const string TwoScenarios = """
        name: two
        target: http://127.0.0.1:5080
        load: { rate: 100/s, duration: 13s }
        scenarios:
          - { name: browse, weight: 7, steps: [ { get: /a }, { think: 1s } ] }
          - { name: buy, weight: 3, steps: [ { get: /b }, { post: /c }, { get: /d } ] }
        """;

    [Fact]
    public void Iterations_start_at_the_request_rate_over_the_mean_number_of_requests()
    {
        var workload = Workload.Of(Plans.Read(TwoScenarios));

        // 1.6 requests per iteration: 1,300 requests are 812.5 iterations; the last one begins within the load.
        Assert.Equal(813, workload.Starts.Count);
        Assert.Equal(TimeSpan.FromSeconds(12.8), workload.Starts.IntendedStart(800));
        Assert.Equal(workload.Mix.CountsOf(813)[0] + (3 * workload.Mix.CountsOf(813)[1]), workload.Load.Total);
    }

    [Fact]
    public void Shares_of_requests_follow_the_weights_and_sum_to_one()
    {
        var requests = Workload.Of(Plans.Read(TwoScenarios)).Requests();

        Assert.Equal([7 / 16.0, 3 / 16.0, 3 / 16.0, 3 / 16.0], requests.Select(r => r.Share));
        Assert.Equal(["GET /a", "GET /b", "POST /c", "GET /d"], requests.Select(r => r.Name));
        Assert.Equal("http://127.0.0.1:5080/c", requests[2].Url);
        Assert.Equal("127.0.0.1:5080", requests[2].Service);
    }

    [Fact]
    public void Page_views_load_at_their_target_and_show_their_arithmetic()
    {
        var load = Workload.Of(Plans.Read(Plans.With("pv: { perDay: 3000000 }, duration: 10s"))).Load;

        Assert.Equal(("pv", "uniform", 1_390), (load.Kind, load.Arrivals, load.Total));
        Assert.Equal(139, load.PageViews!.TargetQps);
        Assert.Equal([new(TimeSpan.Zero, TimeSpan.FromSeconds(10), 139, 139)], load.Segments);
    }

    [Fact]
    public void Scenarios_with_rates_of_their_own_run_on_exact_schedules_of_their_own()
    {
        var workload = Workload.Of(Plans.Read(Rates("rate: 50/s", "rate: 7/950ms")));

        // 95 s: 50 x 95 requests of one, and 7 x 100 of the other, two a start.
        Assert.Equal([4_750, 350], workload.Streams.Select(s => s.Starts.Count));
        Assert.Equal(("rates", 5_450), (workload.Load.Kind, workload.Load.Total));
        Assert.Equal([0.8716, 0.0642, 0.0642], workload.Requests().Select(r => Math.Round(r.Share, 4)));
    }

    [Theory]
    [InlineData("rate: 50/s", "weight: 2", "scenarios[1].rate", "is missing")]
    [InlineData("rate: 50/s", "rate: 5/s, weight: 2", "scenarios[1].weight", "beside a rate")]
    [InlineData("rate: 50/s", "rate: 5/s, pacing: 1s", "scenarios[1].pacing", "is for users")]
    public void Rates_of_scenarios_come_for_all_or_none(string first, string second, string field, string message)
    {
        var problem = Plans.OnlyProblem(Rates(first, second));

        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stairs_and_a_spike_are_short_for_stages()
    {
        Assert.Equal(
            [100, 200, 300, 400, 500],
            Workload.Of(Plans.Read(Plans.With("stairs: { from: 100/s, to: 30000/min, steps: 5, hold: 30s }"))).Load.Segments.Select(s => s.FromRate));
        Assert.Equal(
            [(0, 50, 50), (30, 50, 500), (35, 500, 500), (55, 500, 50), (60, 50, 50)],
            Workload.Of(Plans.Read(Plans.With("spike: { base: 50/s, peak: 500/s, at: 30s, rise: 5s, hold: 20s }"))).Load.Segments
                .Select(s => ((int)s.From.TotalSeconds, (int)s.FromRate, (int)s.ToRate)));
    }

    private static string Rates(string first, string second) => $$"""
        name: rates
        target: http://127.0.0.1:5080
        load: { duration: 95s }
        scenarios:
          - { name: a, {{first}}, steps: [ { get: /a } ] }
          - { name: b, {{second}}, steps: [ { get: /b }, { get: /c } ] }
        """;

    [Fact]
    public void Stages_follow_each_other_without_gaps()
    {
        var load = Workload.Of(Plans.Read(Plans.With("stages: [ { rate: 0/s -> 60/min, over: 4s }, { rate: 5/s, over: 2s } ], arrivals: poisson"))).Load;

        Assert.Equal(("stages", "poisson"), (load.Kind, load.Arrivals));
        Assert.Equal(
            [new(TimeSpan.Zero, TimeSpan.FromSeconds(4), 0, 1), new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6), 5, 5)],
            load.Segments);
    }
}
