using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests;

public sealed class WorkersPlanTests
{
    [Fact]
    public void Without_the_key_the_load_comes_from_one_process() => Assert.Null(Plans.Read(Plans.With()).Workers);

    [Fact]
    public void A_number_is_enough()
    {
        var wish = Plans.Read(Plans.With(more: "workers: 8")).Workers!;

        Assert.Equal((8, 0, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7.5), 0.01), (wish.Count, wish.Regions.Count, wish.Heartbeat, wish.Lease, wish.Tolerance));
    }

    [Fact]
    public void A_map_says_who_makes_how_much_and_what_may_be_lost()
    {
        var wish = Plans.Read(Plans.With(more: "workers: { count: 8, regions: { eu: 60%, 华东-1: 40% }, heartbeat: 200ms, lease: 10s, tolerate: 0% }")).Workers!;

        Assert.Equal((8, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), 0d), (wish.Count, wish.Heartbeat, wish.Lease, wish.Tolerance));
        Assert.Equal([("eu", 0.6), ("华东-1", 0.4)], wish.Regions.Select(r => (r.Key, r.Value)));
    }

    [Theory]
    [InlineData("200ms", 0.35)]
    [InlineData("1s", 1.75)]
    [InlineData("2s", 4.75)]
    [InlineData("3s", 7.5)]
    [InlineData("60s", 150)]
    public void The_usual_lease_lets_a_share_go_on_within_three_heartbeats_after_the_last_told_second(string heartbeat, double lease) =>
        Assert.Equal(lease, Plans.Read(Plans.With(more: $"workers: {{ count: 2, heartbeat: {heartbeat} }}")).Workers!.Lease.TotalSeconds);

    [Theory]
    [InlineData("workers: { count: 3, regions: { a: 33.33%, b: 33.33%, c: 33.34% } }")]
    [InlineData("workers: { count: 1, regions: { a: 100% }, tolerate: 100% }")]
    [InlineData("workers: { count: 2, heartbeat: 60s, lease: 2m }")]
    [InlineData("workers: { count: 2, lease: 4.5s }")]
    [InlineData("workers: { count: 2, regions: [ { a: 50% }, { b: 50% } ] }")]
    public void What_lies_within_the_bounds_is_read(string workers) => Assert.NotNull(Plans.Read(Plans.With(more: workers)).Workers);

    [Theory]
    [InlineData("workers: 0", "workers", "not a whole number from 1 to 1000")]
    [InlineData("workers: -1", "workers", "not a whole number from 1 to 1000")]
    [InlineData("workers: 1001", "workers", "not a whole number from 1 to 1000")]
    [InlineData("workers: many", "workers", "not a whole number from 1 to 1000")]
    [InlineData("workers:", "workers", "has no value")]
    [InlineData("workers: [ a, b ]", "workers", "is a list")]
    [InlineData("workers: {}", "workers.count", "is missing")]
    [InlineData("workers: { count: 8, region: { eu: 100% } }", "workers.region", "Did you mean 'regions'")]
    [InlineData("workers: { count: 8, regions: {} }", "workers.regions", "names no region")]
    [InlineData("workers: { count: 8, regions: eu }", "workers.regions", "should be a map")]
    [InlineData("workers: { count: 8, regions: { eu: 60%, us: 30% } }", "workers.regions", "make 90%, not 100%")]
    [InlineData("workers: { count: 8, regions: { eu: 60%, us: 60% } }", "workers.regions", "make 120%, not 100%")]
    [InlineData("workers: { count: 8, regions: { eu: 60%, us: 0% } }", "workers.regions.us", "not above 0%")]
    [InlineData("workers: { count: 8, regions: { eu: 60%, us: 40 } }", "workers.regions.us", "Write 40%.")]
    [InlineData("workers: { count: 8, regions: { 'e u': 100% } }", "workers.regions.e u", "no name of a region")]
    [InlineData("workers: { count: 1, regions: { eu: 60%, us: 40% } }", "workers.count", "there are 2 regions")]
    [InlineData("workers: { count: 2, heartbeat: 100ms }", "workers.heartbeat", "not from 200ms to 60s")]
    [InlineData("workers: { count: 2, heartbeat: 61s }", "workers.heartbeat", "not from 200ms to 60s")]
    [InlineData("workers: { count: 2, heartbeat: 3s, lease: 4s }", "workers.lease", "Write 4.5s or more")]
    [InlineData("workers: { count: 2, lease: 2h }", "workers.lease", "not from 300ms to 60m")]
    [InlineData("workers: { count: 2, tolerate: 101% }", "workers.tolerate", "not from 0% to 100%")]
    [InlineData("workers: { count: 2, tolerate: 0.01 }", "workers.tolerate", "Write 1%.")]
    public void What_is_wrong_is_told_with_a_remedy(string workers, string field, string told)
    {
        var problem = Plans.OnlyProblem(Plans.With(more: workers));

        Assert.Equal(field, problem.Field);
        Assert.Contains(told, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var told = PlanReader.Parse(Plans.With(more: "workers: { count: 1, regions: { eu: 60%, us: 30% }, heartbeat: 3s, lease: 1s, tolerate: 200% }"), "plan.yaml").Problems;

        Assert.Equal(["workers.count", "workers.lease", "workers.regions", "workers.tolerate"], told.Select(p => p.Field).Order());
    }

    [Fact]
    public void Whole_percents_of_regions_are_right_exactly_when_they_make_a_hundred() =>
        Prop.ForAll(Gen.Choose(1, 99).NonEmptyListOf().Select(l => l.Take(20).ToList()).ToArbitrary(), shares =>
        {
            var text = Plans.With(more: $"workers: {{ count: 20, regions: {{ {string.Join(", ", shares.Select((s, i) => $"r{i}: {s}%"))} }} }}");
            return (PlanReader.Parse(text, "plan.yaml").Problems.Count == 0) == (shares.Sum() == 100);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Drafts_with_workers_are_written()
    {
        var draft = new PlanDraft { Name = "a", Target = "http://127.0.0.1:1", Rate = "5/s", Urls = [new() { Url = "/" }], Workers = "4" };

        Assert.Equal(4, Plans.Read(PlanWriter.ToYaml(draft)).Workers!.Count);
        Assert.Null(Plans.Read(PlanWriter.ToYaml(draft with { Workers = null })).Workers);
        Assert.Equal("Workers", PlanDraft.MemberOf("workers.count"));
    }
}
