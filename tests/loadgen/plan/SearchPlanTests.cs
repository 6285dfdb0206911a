namespace Pressure.LoadGen.Tests;

public sealed class SearchPlanTests
{
    [Fact]
    public void A_search_is_read_with_all_its_keys()
    {
        var plan = Plans.Read(Plans.With("""
            search: { slo: [ "http_req_duration{name:GET /,method:GET}: p(95) < 200ms", { http_req_failed: rate < 1% } ], from: 50/s, to: 5000/s, plateau: 20s, resolution: 2%, within: 1h }
            """));
        var search = Assert.IsType<Load.Search>(plan.Load);

        Assert.Equal(["http_req_duration{name:GET /,method:GET}: p(95) < 200ms", "http_req_failed: rate < 1%"], search.Slo.Select(s => s.ToString()));
        Assert.Equal((50.0, 5000.0), (search.From.PerSecond, search.To!.Value.PerSecond));
        Assert.Equal((TimeSpan.FromSeconds(20), 0.02, TimeSpan.FromHours(1)), (search.Plateau, search.Resolution, search.Within));
        Assert.Equal(TimeSpan.FromHours(1), plan.Duration);
    }

    [Fact]
    public void What_a_search_leaves_out_has_defaults()
    {
        var search = Assert.IsType<Load.Search>(Plans.Read(Plans.With("search: { slo: [ 'http_req_failed: rate < 1%' ], from: 50/s }")).Load);

        Assert.Null(search.To);
        Assert.Equal((TimeSpan.FromSeconds(10), 0.05, TimeSpan.FromMinutes(15)), (search.Plateau, search.Resolution, search.Within));
    }

    [Fact]
    public void The_manifest_holds_the_search()
    {
        var load = Workload.Of(Plans.Read(Plans.With("search: { slo: [ 'http_req_failed: rate < 1%' ], from: 50/s, to: 500/s }"))).Load;

        Assert.Equal(("search", 0L), (load.Kind, load.Total));
        Assert.Equal((50.0, 500.0), (load.Search!.From, load.Search.To));
        Assert.Equal("rate < 1%", Assert.Single(load.Search.Slo).Expression);
    }
}
