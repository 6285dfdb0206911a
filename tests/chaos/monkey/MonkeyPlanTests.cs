namespace Pressure.Chaos.Tests.Monkeys;

public sealed class MonkeyPlanTests
{
    private static readonly ExperimentKinds Kinds = new([new FaultDescription { Kind = "container-kill", Summary = "Kills.", Target = TargetKind.Container }], []);

    [Fact]
    public void A_plan_is_read()
    {
        var (plan, problems) = MonkeyPlanReader.Parse(
            """
            name: shop
            hours: { zone: Europe/Berlin, windows: [ { from: '09:00', to: '15:00' } ], holidays: [ 2026-12-24 ] }
            groups:
              - name: web
                mean: 2d
                strike: { fault: container-kill, target: { container: { labels: { app: web } } }, duration: 30s }
              - by: app
                mean: 4h
                strike: { fault: container-kill, target: { container: { project: shop, mode: 25% } }, duration: 1m }
            """,
            "monkey.yaml",
            Kinds);
        Assert.Empty(problems);
        Assert.Equal(["web", "app"], plan!.Groups.Select(g => g.Name));
        Assert.Equal((2, null), (plan.Groups[0].Mean.Intervals, plan.Groups[0].Mean.Length));
        Assert.Equal((4, TimeSpan.FromHours(1)), (plan.Groups[1].Mean.Intervals, plan.Groups[1].Mean.Length));
        Assert.Equal("app", plan.Groups[1].By);
        Assert.IsType<SelectionMode.One>(plan.Groups[0].Strike.Selector.Mode);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var (plan, problems) = MonkeyPlanReader.Parse(
            """
            name: ../shop
            hourz: 1
            groups:
              - { name: web, mean: 0d, strike: { fault: container-kil, target: { container: { labels: { app: web } } }, duration: 30s } }
              - { mean: 2 days, strike: { fault: container-kill, target: { container: {} } } }
              - { name: a, mean: 2d, strike: { fault: container-kill, target: { container: x }, duration: 30s } }
              - { name: a, mean: 2d, strike: { fault: container-kill, target: { container: x }, duration: 30s } }
              - { name: b }
            """,
            "monkey.yaml",
            Kinds);
        Assert.Null(plan);
        string[] expected =
        [
            "groups[0].mean", "groups[0].strike.fault", "groups[1].mean", "groups[1].name", "groups[1].strike.duration", "groups[1].strike.target.container", "groups[3].name", "groups[4].mean",
            "groups[4].strike", "hours", "hourz", "name",
        ];
        Assert.Equal(expected, problems.Select(p => p.Field).Distinct().Order(StringComparer.Ordinal));
        Assert.All(problems, p => Assert.True(p.Remedy.Length > 0));
    }

    [Theory]
    [InlineData("0.5d")]
    [InlineData("d")]
    [InlineData("-2d")]
    [InlineData("1e9d")]
    [InlineData("NaNd")]
    [InlineData("2w")]
    public void What_is_no_mean_is_none(string text) => Assert.Null(MonkeyMean.Parse(text));
}
