using FsCheck;
using FsCheck.Fluent;
using Pressure.LoadGen.Tests.Engine;
using Pressure.Record;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests.Share;

public sealed class ShareExpectationTests
{
    private const string Plan = """
        name: shares
        target: http://127.0.0.1:5080
        load: { ARRIVALS, stages: [ { rate: 10/s -> 300/s, over: 3s }, { rate: 200/s, over: 4s } ] }
        scenarios:
          - { name: a, weight: 3, steps: [ { get: /a }, { get: /b } ] }
          - { name: b, weight: 2, steps: [ { think: 1s }, { get: /c } ] }
        """;

    private const string OwnRates = """
        name: shares
        target: http://127.0.0.1:5080
        load: { duration: 7s }
        scenarios:
          - { name: a, rate: 70/s, steps: [ { get: /a } ] }
          - { name: b, rate: 13/s, steps: [ { get: /b } ] }
        """;

    private static readonly Arbitrary<Case> Cases = (
        from text in Gen.Elements(Plan.Replace("ARRIVALS", "arrivals: uniform", StringComparison.Ordinal), Plan.Replace("ARRIVALS", "arrivals: poisson", StringComparison.Ordinal), OwnRates)
        from weights in Gen.Choose(1, 9).Select(w => (decimal)w).ListOf().Where(w => w.Count is > 0 and <= 8)
        from begin in Gen.Choose(0, 5)
        from window in Gen.Two(Gen.Choose(0, 8_000))
        from changes in Changes.ListOf().Where(c => c.Count <= 4)
        select new Case(text, [.. weights], TimeSpan.FromSeconds(begin), TimeSpan.FromMilliseconds(window.Item1), TimeSpan.FromMilliseconds(window.Item2), [.. changes])).ToArbitrary();

    private static Gen<(TimeSpan, SteeringChange)> Changes =>
        from at in Gen.Choose(0, 7_000)
        from change in Gen.Elements<SteeringChange>(new SteeringChange.ToFactor(2), new SteeringChange.Pause(), new SteeringChange.Resume(), new SteeringChange.ToRate(new(33, TimeSpan.FromSeconds(1))))
        select (TimeSpan.FromMilliseconds(at), change);

    [Fact]
    public void What_is_expected_in_a_window_is_what_lanes_take_in_it() =>
        Prop.ForAll(Cases, one =>
        {
            var workload = Workload.Of(Plans.Read(one.Text));
            var steering = new LoadGen.Steering(workload, new RunClock(new FakeTime()));
            foreach (var (at, change) in one.Changes.OrderBy(c => c.Item1))
                steering.Follow(at, change);
            var split = new ShareSplit(one.Weights);
            return Enumerable.Range(0, split.Count).All(i =>
            {
                var share = new WorkShare(split, i) { From = one.Begin };
                var taken = SharedStartsTests.Of(workload, share, lanes: 2, steering).Where(s => s.Due >= one.From && s.Due < one.Until).ToList();
                // A script of the first scenario has one step there, one of the second has two.
                var expected = new ShareExpectation(workload, share, steering).In(one.From, one.Until);
                return expected.Iterations.SequenceEqual([taken.Count(s => s.Script.Steps.Count == 1), taken.Count(s => s.Script.Steps.Count == 2)]);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Requests_are_those_of_whole_iterations_and_a_scenario_that_begins_with_a_pause_asks_for_none_at_first()
    {
        var workload = Workload.Of(Plans.Read(Plan.Replace("ARRIVALS, ", "", StringComparison.Ordinal)));

        var all = new ShareExpectation(workload, WorkShare.Whole).In(TimeSpan.Zero, TimeSpan.MaxValue);

        Assert.Equal(workload.Starts.Count, all.Iterations.Sum());
        Assert.Equal([all.Iterations[0], all.Iterations[0], all.Iterations[1]], all.Requests);
        Assert.Equal([all.Iterations[0], 0, 0], all.FirstRequests);
        Assert.Equal(workload.Load.Total, all.Requests.Sum());
    }

    [Fact]
    public async Task An_engine_asks_for_what_is_expected_second_by_second()
    {
        await using var server = RawServer.Answering();
        var plan = EngineRun.Plan(300, 3, (Scenario[])[new("a", 3, [EngineRun.Get(server.Url), EngineRun.Get(server.Url, "again")]), new("b", 1, [EngineRun.Get(server.Url, "b")])]);
        var workload = Workload.Of(plan);
        var share = new WorkShare(new([2, 1]), 1);
        var expectation = new ShareExpectation(workload, share);

        var (seconds, _) = await ShareRun.Of(new(workload, "run-1", 2) { Share = share }, new RunClock(TimeProvider.System));

        Assert.Equal(expectation.In(TimeSpan.Zero, workload.Duration).Requests, seconds.Total(3).Requests.Select(r => r.Asked));
        foreach (var second in seconds.Take(3).Select(s => s.Interval))
        {
            var expected = expectation.In(TimeSpan.FromSeconds(second.Second), TimeSpan.FromSeconds(second.Second + 1)).FirstRequests;
            Assert.Equal([expected[0], expected[2]], new[] { second.Requests[0].Asked, second.Requests[2].Asked });
        }
    }

    [Theory]
    [InlineData("{ users: 5, duration: 9s }")]
    public void Of_users_nothing_is_expected(string load)
    {
        var workload = Workload.Of(Plans.Read($"name: u\ntarget: http://127.0.0.1:5080\nload: {load}\nscenarios: [ {{ name: a, steps: [ {{ get: / }} ] }} ]"));

        var expectation = new ShareExpectation(workload, WorkShare.Whole);

        Assert.False(expectation.IsKnown);
        Assert.Equal([0], expectation.In(TimeSpan.Zero, TimeSpan.FromSeconds(9)).Requests);
    }

    private sealed record Case(string Text, IReadOnlyList<decimal> Weights, TimeSpan Begin, TimeSpan From, TimeSpan Until, IReadOnlyList<(TimeSpan, SteeringChange)> Changes);
}
