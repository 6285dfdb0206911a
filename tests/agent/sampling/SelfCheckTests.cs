namespace Pressure.Agent.Tests.Sampling;

public class SelfCheckTests
{
    [Fact]
    public void A_minute_above_the_limit_halves_the_pace_and_says_so()
    {
        var check = new SelfCheck();
        Assert.Null(Minute(check, 0, 0));

        Assert.Contains("10.0 % of a core", Minute(check, 1, 6), StringComparison.Ordinal);
        Assert.Equal(2, check.Slowdown);
        Assert.NotNull(Minute(check, 2, 12));
        Assert.Equal(4, check.Slowdown);
    }

    [Fact]
    public void It_comes_back_only_when_twice_the_pace_would_fit()
    {
        var check = new SelfCheck();
        Minute(check, 0, 0);
        Minute(check, 1, 6);

        Assert.Null(Minute(check, 2, 6 + 1.5));
        Assert.Equal(2, check.Slowdown);
        Assert.NotNull(Minute(check, 3, 7.5 + 0.9));
        Assert.Equal(1, check.Slowdown);
    }

    [Fact]
    public void Less_than_a_minute_says_nothing()
    {
        var check = new SelfCheck();
        Minute(check, 0, 0);

        Assert.Null(check.Take(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(50)));
    }

    private static string? Minute(SelfCheck check, int minute, double cpuSeconds) => check.Take(TimeSpan.FromMinutes(minute), TimeSpan.FromSeconds(cpuSeconds));
}
