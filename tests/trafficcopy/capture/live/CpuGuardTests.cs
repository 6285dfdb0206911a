namespace Pressure.TrafficCopy.Tests;

public class CpuGuardTests
{
    private const long Millisecond = 1_000_000;

    private readonly CpuGuard _guard = new(0.5);
    private long _now = 7_000_000_000;
    private long _taken = 3_000_000_000;

    // Works as the thread would: looks every millisecond, and rests when it is told to. Share of the time that it would like to work.
    private (double Share, long Rests) Work(TimeSpan time, double wish)
    {
        var (start, taken, rests) = (_now, _taken, 0L);
        while (_now - start < time.Ticks * 100)
        {
            _now += Millisecond;
            _taken += (long)(Millisecond * wish);
            if (_guard.Rest(_now, _taken) is var rest && rest > 0)
            {
                _now += rest;
                rests++;
            }
        }
        return ((double)(_taken - taken) / (_now - start), rests);
    }

    [Fact]
    public void A_thread_within_its_share_never_rests()
    {
        var (share, rests) = Work(TimeSpan.FromSeconds(10), 0.45);

        Assert.Equal((0.45, 0, 0), (Math.Round(share, 2), rests, _guard.Halvings));
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(1)]
    public void A_thread_that_wants_more_stays_within_its_share(double wish)
    {
        var (share, rests) = Work(TimeSpan.FromSeconds(10), wish);

        Assert.InRange(share, 0.48, 0.52);
        Assert.True(rests > 50);
    }

    [Fact]
    public void A_burst_costs_a_rest_and_no_connection()
    {
        Work(TimeSpan.FromMilliseconds(150), 1);
        Work(TimeSpan.FromSeconds(1), 0.2);

        Assert.Equal(0, _guard.Halvings);
    }

    [Fact]
    public void When_rests_do_not_help_connections_are_halved_again_and_again_up_to_a_limit()
    {
        Work(TimeSpan.FromMilliseconds(350), 1);
        Assert.Equal(1, _guard.Halvings);
        Work(TimeSpan.FromSeconds(10), 1);
        Assert.Equal(CpuGuard.MostHalvings, _guard.Halvings);
    }

    [Fact]
    public void Calm_takes_halvings_back_one_by_one()
    {
        Work(TimeSpan.FromMilliseconds(650), 1);
        Assert.Equal(2, _guard.Halvings);
        Work(TimeSpan.FromSeconds(2.2), 0.1);
        Assert.Equal(1, _guard.Halvings);
        Work(TimeSpan.FromSeconds(10), 0.3);
        Assert.Equal(1, _guard.Halvings);
        Work(TimeSpan.FromSeconds(2.2), 0.1);
        Assert.Equal(0, _guard.Halvings);
    }
}
