namespace Pressure.LoadGen.Tests;

public sealed class PageViewsTests
{
    [Fact]
    public void Three_million_a_day_are_139_a_second_on_3_machines_of_58()
    {
        var derived = new PageViews { PerDay = 3_000_000, PerMachine = 58 }.Derive();

        Assert.Equal(138.89, derived.Qps, 2);
        Assert.Equal(139, derived.TargetQps);
        Assert.Equal(3, derived.Machines);
        Assert.Equal(86_400, derived.DaySeconds);
    }

    [Fact]
    public void Five_million_a_day_are_232_a_second()
    {
        var derived = new PageViews { PerDay = 5_000_000 }.Derive();

        Assert.Equal(231.48, derived.Qps, 2);
        Assert.Equal(232, derived.TargetQps);
        Assert.Null(derived.Machines);
    }

    [Fact]
    public void Eight_thousand_in_a_working_day_are_little_more_than_one_a_second()
    {
        var derived = new PageViews { PerDay = 8_000, Day = TimeSpan.FromHours(8) }.Derive();

        Assert.Equal(1.11, derived.Qps, 2);
        Assert.Equal(2, derived.TargetQps);
    }

    [Theory]
    [InlineData(1, 246.9)]
    [InlineData(3, 740.7)]
    public void Ten_million_with_80_percent_in_9_hours(double timesEvent, double qps) =>
        Assert.Equal(qps, new PageViews { PerDay = 10_000_000, Window = 9 / 24.0, Event = timesEvent }.Derive().Qps, 1);

    [Fact]
    public void A_sale_of_3_minutes_is_exactly_1000_a_second_however_it_is_written()
    {
        var whole = new PageViews { PerDay = 180_000, Day = TimeSpan.FromMinutes(3), Window = 1, Share = 1 };
        var window = new PageViews { PerDay = 180_000, Window = TimeSpan.FromMinutes(3) / TimeSpan.FromHours(24), Share = 1 };

        Assert.Equal(1_000, whole.Derive().TargetQps);
        Assert.Equal(1_000, window.Derive().TargetQps);
    }

    [Fact]
    public void A_page_of_several_requests_multiplies_them() =>
        Assert.Equal(10 * 1_000_000 * 0.8 / (86_400 * 0.2), new PageViews { PerDay = 1_000_000, RequestsPerPage = 10 }.Derive().Qps, 9);

    [Theory]
    [InlineData(0.1, 100)]
    [InlineData(2, 2_000)]
    public void Littles_law_gives_the_requests_in_flight(double seconds, double inFlight) =>
        Assert.Equal(inFlight, LittlesLaw.InFlight(1_000, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("perDay: 3000000, perMachine: 58", 139)]
    [InlineData("perDay: '3,000,000', share: 80%, window: 20%", 139)]
    [InlineData("perDay: 300万", 139)]
    [InlineData("perDay: 3M, perMachine: 58/s", 139)]
    [InlineData("perDay: 8k, day: 8h", 2)]
    [InlineData("perDay: 0.1亿, window: 9h", 247)]
    [InlineData("perDay: 0.1亿, window: 9h, event: 3", 741)]
    [InlineData("perDay: 180000, share: 100%, window: 3m", 1_000)]
    [InlineData("perDay: 180000, share: 100%, window: 100%, day: 3m", 1_000)]
    [InlineData("perDay: 3_000_000, requestsPerPage: 2.5", 348)]
    public void The_plan_says_the_same(string pv, double target)
    {
        var load = Assert.IsType<Load.FromPageViews>(Plans.Read(Plans.With($"pv: {{ {pv} }}")).Load);

        Assert.Equal(target, load.Views.Derive().TargetQps);
    }
}
