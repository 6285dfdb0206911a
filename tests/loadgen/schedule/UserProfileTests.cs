namespace Pressure.LoadGen.Tests;

public sealed class UserProfileTests
{
    private static readonly UserProfile Ramp = new([Stage(0, 4, 4), Stage(4, 4, 6), Stage(4, 0, 4)]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    public void A_user_comes_when_the_line_reaches_the_next_whole_number(int user, double at) =>
        Assert.Equal(TimeSpan.FromSeconds(at), Ramp.NextPresence(user, TimeSpan.Zero));

    [Fact]
    public void A_user_who_is_there_begins_again_at_once() =>
        Assert.Equal(TimeSpan.FromSeconds(5.25), Ramp.NextPresence(2, TimeSpan.FromSeconds(5.25)));

    [Theory]
    [InlineData(0, 13)]
    [InlineData(2, 11)]
    [InlineData(3, 10)]
    public void A_user_goes_when_the_line_falls_below_the_number(int user, double at)
    {
        var last = TimeSpan.FromSeconds(at);

        Assert.Equal(last, Ramp.NextPresence(user, last));
        Assert.Null(Ramp.NextPresence(user, last + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void A_user_who_went_comes_back_with_a_later_stage()
    {
        var profile = new UserProfile([Stage(2, 2, 1), Stage(0, 0, 1), Stage(2, 2, 1)]);

        Assert.Equal(TimeSpan.FromSeconds(2), profile.NextPresence(1, TimeSpan.FromSeconds(1)));
        Assert.Null(profile.NextPresence(1, profile.Duration));
        Assert.Null(profile.NextPresence(2, TimeSpan.Zero));
    }

    private static UserStage Stage(int from, int to, int seconds) => new(from, to, TimeSpan.FromSeconds(seconds));
}
