using Pressure.Record;

namespace Pressure.Reports.Tests;

public sealed class SteeredLoadTests
{
    private static readonly LoadManifest Ramp = new() { Kind = "stages", Segments = [new(Zero, S(10), 0, 100), new(S(10), S(20), 100, 100)], Arrivals = "uniform", Total = 1500 };
    private static readonly LoadManifest Closed = new() { Kind = "users", Segments = [], Arrivals = "uniform", Total = 0, Users = [new(Zero, S(10), 0, 100)] };

    private static TimeSpan Zero => TimeSpan.Zero;

    [Fact]
    public void A_load_that_nobody_changed_is_the_plans() => Assert.Same(Ramp, SteeredLoad.Of(Ramp, [new TimelineEvent.RunStarted(Zero)]));

    [Fact]
    public void Pieces_follow_the_changes() => Assert.Equal(
        [
            new(Zero, S(5), 0, 50), new(S(5), S(6), 0, 0), new(S(6), S(8), 75, 75),
            new(S(8), S(10), 160, 200), new(S(10), S(12), 200, 200), new(S(12), S(20), 100, 100),
        ],
        Of(Ramp, (5, SteeredTo.Paused, 0), (5.5, SteeredTo.Rate, 75), (6, SteeredTo.Resumed, 0), (8, SteeredTo.Factor, 2), (12, SteeredTo.Plan, 0))
            .Segments.Where(s => s.From != S(5.5)).Select(s => s.To == S(5.5) ? s with { To = S(6) } : s));

    [Fact]
    public void The_load_ends_with_a_graceful_stop_and_goes_on_to_another_stop()
    {
        var load = SteeredLoad.Of(Ramp, [new TimelineEvent.StopRequested(S(15), "ctl", Graceful: true)]);

        Assert.Equal([new(Zero, S(10), 0, 100), new(S(10), S(15), 100, 100)], load.Segments);
        Assert.Same(Ramp, SteeredLoad.Of(Ramp, [new TimelineEvent.StopRequested(S(15), "Ctrl-C")]));
    }

    [Fact]
    public void Users_follow_the_changes() => Assert.Equal(
        [new(Zero, S(5), 0, 50), new(S(5), S(6), 7, 7), new(S(6), S(7), 0, 0), new(S(7), S(10), 70, 100)],
        Of(Closed, (5, SteeredTo.Users, 7), (6, SteeredTo.Paused, 0), (7, SteeredTo.Plan, 0), (7, SteeredTo.Resumed, 0)).Users);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2.5, 25)]
    [InlineData(5, 75)]
    [InlineData(19.9, 75)]
    [InlineData(20, 0)]
    [InlineData(-1, 0)]
    public void The_rate_of_a_moment_is_that_of_its_piece(double at, double rate) =>
        Assert.Equal(rate, SteeredLoad.RateAt(Of(Ramp, (5, SteeredTo.Rate, 75)), S(at)), 6);

    [Theory]
    [InlineData(2.55, 25)]
    [InlineData(6, 7)]
    [InlineData(10, 0)]
    public void The_users_of_a_moment_are_those_of_its_piece(double at, int users) =>
        Assert.Equal(users, SteeredLoad.UsersAt(Of(Closed, (5, SteeredTo.Users, 7)), S(at)));

    private static LoadManifest Of(LoadManifest load, params (double At, SteeredTo To, double Value)[] changes) =>
        SteeredLoad.Of(load, changes.Select(c => new TimelineEvent.LoadSteered(S(c.At), "ctl", c.To, c.Value)));

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
