using FsCheck;
using FsCheck.Fluent;
using Pressure.Agent;
using Pressure.Record;
using Pressure.Web.Access;

namespace Pressure.Web.Tests.Access;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_true_offset_is_never_further_away_than_the_uncertainty() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 50_000).ListOf(40).Select(l => l.ToArray()).ToArbitrary(),
        Gen.Choose(-10_000_000, 10_000_000).ToArbitrary(),
        (delays, offsetMicros) =>
        {
            var offset = TimeSpan.FromMicroseconds(offsetMicros);
            var clock = new ClockEstimator();
            var now = Noon;
            for (var i = 0; i + 1 < delays.Length; i += 2)
            {
                Assert.True(clock.Take(Reading(now, offset, TimeSpan.FromMicroseconds(delays[i]), TimeSpan.FromMicroseconds(delays[i + 1]))));
                now += TimeSpan.FromMinutes(1);
                var known = clock.At(now)!.Value;
                Assert.True((known.Offset - offset).Duration() <= known.Uncertainty, $"{known} is not within reach of {offset}");
            }
            Assert.Null(clock.BeforeJump);
        }));

    [Fact]
    public void The_shortest_round_trip_of_late_counts()
    {
        var clock = new ClockEstimator();
        clock.Take(Reading(Noon, TimeSpan.Zero, Ms(100), Ms(20)));
        clock.Take(Reading(Noon.AddSeconds(1), TimeSpan.Zero, Ms(1), Ms(1)));
        clock.Take(Reading(Noon.AddSeconds(2), TimeSpan.Zero, Ms(30), Ms(90)));
        Assert.InRange(clock.At(Noon.AddSeconds(3))!.Value.Uncertainty.TotalMilliseconds, 1, 1.2);
    }

    [Fact]
    public void An_estimate_that_gets_old_gets_less_certain()
    {
        var clock = new ClockEstimator();
        clock.Take(Reading(Noon, TimeSpan.Zero, Ms(1), Ms(1)));
        Assert.True(clock.At(Noon.AddHours(1))!.Value.Uncertainty > Ms(100));
        Assert.Null(new ClockEstimator().At(Noon));
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(0.5)]
    public void A_clock_that_was_set_is_noticed_and_taken_as_it_is(double seconds)
    {
        var clock = new ClockEstimator();
        clock.Take(Reading(Noon, TimeSpan.Zero, Ms(1), Ms(1)));
        clock.Take(Reading(Noon.AddMinutes(1), TimeSpan.FromSeconds(seconds), Ms(2), Ms(2)));
        Assert.Equal(seconds, clock.At(Noon.AddMinutes(1))!.Value.Offset.TotalSeconds, 2);
        Assert.Equal(0, clock.BeforeJump!.Value.Offset.TotalSeconds, 2);
    }

    [Fact]
    public void An_answer_that_makes_no_sense_is_left_out()
    {
        var clock = new ClockEstimator();
        Assert.False(clock.Take(new ClockReading(Noon, Noon.AddSeconds(2), Noon.AddSeconds(1), Noon.AddSeconds(3))));
        Assert.False(clock.Take(new ClockReading(Noon, Noon, Noon.AddSeconds(5), Noon.AddSeconds(1))));
        Assert.False(clock.IsKnown);
    }

    [Fact]
    public void Entries_from_before_a_clock_was_set_keep_their_old_place()
    {
        var now = Noon.AddMinutes(10);
        var (old, fresh) = (new ClockEstimate(TimeSpan.Zero, Ms(1)), new ClockEstimate(TimeSpan.FromHours(1), Ms(1)));
        // Set back by an hour: with the new estimate, times of the old setting would lie in the future.
        Assert.Equal(old, new EntryPlacing(fresh, old).For(now.AddMinutes(-1), null, now));
        Assert.Equal(fresh, new EntryPlacing(fresh, old).For(now.AddHours(-1), null, now));
        // Set forward by an hour: they would lie before what came before them.
        var forward = new ClockEstimate(TimeSpan.FromHours(-1), Ms(1));
        Assert.Equal(old, new EntryPlacing(forward, old).For(now.AddMinutes(-1), now.AddMinutes(-2), now));
        Assert.Equal(forward, new EntryPlacing(forward, old).For(now.AddHours(1), now.AddMinutes(-1), now));
    }

    [Fact]
    public async Task Entries_of_a_host_whose_clock_is_an_hour_ahead_lie_where_they_belong()
    {
        await using var access = await RunningAccess.StartAsync();
        await using var agent = await access.OpenAsync();
        agent.Ahead = TimeSpan.FromHours(1);
        await agent.GreetAsync(await access.EnrolAsync());
        var now = TimeProvider.System.GetUtcNow();
        await agent.SampleAsync(0, now.AddHours(1));
        await agent.AckedAsync(1);
        var stored = await access.Server.FollowAsync("web1", now.AddMinutes(-5), Stop).FirstAsync(Stop);
        Assert.True((stored.At - now).Duration() <= stored.Clock.Uncertainty + Ms(1), $"{stored.At - now} of {stored.Clock}");
        Assert.Equal(now.AddHours(1), stored.Entry.At);
        Assert.NotNull(access.Server.Find("web1")!.Clock);
    }

    [Fact]
    public async Task A_clock_that_is_set_while_connected_is_asked_for_before_anything_is_stored()
    {
        await using var access = await RunningAccess.StartAsync();
        await using var agent = await access.ConnectAsync(await access.EnrolAsync());
        var now = TimeProvider.System.GetUtcNow();
        await agent.SampleAsync(0, now);
        await agent.AckedAsync(1);
        agent.Ahead = TimeSpan.FromHours(3);
        await agent.SampleAsync(1, now.AddHours(3).AddSeconds(1));
        await agent.AckedAsync(2);
        var stored = await access.Server.FollowAsync("web1", now.AddMinutes(-5), Stop).Take(2).ToArrayAsync(Stop);
        Assert.InRange((stored[1].At - now).TotalSeconds, -60, 60);
    }

    [Fact]
    public async Task Entries_wait_until_the_clock_is_known()
    {
        await using var access = await RunningAccess.StartAsync();
        await using var agent = await access.OpenAsync();
        agent.TellsTime = false;
        await agent.GreetAsync(await access.EnrolAsync());
        await agent.SampleAsync(0, TimeProvider.System.GetUtcNow());
        var ask = await agent.NextAsync<Frame.ClockAsk>();
        Assert.Null(access.Server.Find("web1")!.LastSample);
        var now = TimeProvider.System.GetUtcNow();
        await agent.SendAsync(new Frame.ClockAnswer(ask.Id, now, now));
        await agent.AckedAsync(1);
        Assert.NotNull(access.Server.Find("web1")!.LastSample);
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    /// <summary>A question at a moment of the centre's clock to a host whose clock plus the offset is the centre's.</summary>
    private static ClockReading Reading(DateTimeOffset at, TimeSpan offset, TimeSpan there, TimeSpan back) => new(at, at + there - offset, at + there - offset, at + there + back);
}
