using FsCheck;
using FsCheck.Fluent;

namespace Shop.Tests;

public class ServiceControlTests
{
    [Fact]
    public void Of_the_first_n_requests_exactly_the_whole_part_of_n_times_the_rate_fail() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, 1000), Gen.Choose(0, 2000)).ToArbitrary(), pair =>
        {
            var rate = pair.Item1 / 1000m;
            var failed = Enumerable.Range(1, pair.Item2).Count(n => ServiceControl.Fails(rate, n));
            return failed == (int)(pair.Item2 * rate);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Jitter_stays_in_its_range_and_fills_it_evenly()
    {
        var behaviour = new Behaviour { Delay = TimeSpan.FromMilliseconds(10), DelayJitter = TimeSpan.FromMilliseconds(10) };

        var tenths = Enumerable.Range(1, 1000)
            .Select(n => ServiceControl.DelayOf(behaviour, n).TotalMilliseconds - 10)
            .GroupBy(ms => (int)ms)
            .ToDictionary(g => g.Key, g => g.Count());

        Assert.Equal(Enumerable.Range(0, 10), tenths.Keys.Order());
        Assert.All(tenths.Values, count => Assert.InRange(count, 97, 103));
    }
}
