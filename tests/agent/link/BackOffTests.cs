namespace Pressure.Agent.Tests.Link;

public class BackOffTests
{
    [Fact]
    public void Waits_grow_to_half_a_minute_and_begin_anew_when_all_is_well()
    {
        var waits = Of(1.0);

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => waits.Next().TotalSeconds));
        waits.Reset();
        Assert.Equal(1, waits.Next().TotalSeconds);
    }

    [Fact]
    public void Ten_thousand_that_were_cut_off_together_come_back_spread_over_the_whole_wait()
    {
        var agents = Enumerable.Range(0, 10_000).Select(i => new BackOff(new Random(i))).ToList();
        for (var failure = 0; failure < 5; failure++)
            agents.ForEach(a => a.Next());

        var perSecond = agents.Select(a => (int)a.Next().TotalSeconds).CountBy(s => s).ToDictionary();

        Assert.Equal(30, perSecond.Count);
        Assert.All(perSecond.Values, count => Assert.InRange(count, 200, 470));
    }

    private static BackOff Of(double always) => new(new Always(always));

    private sealed class Always(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
