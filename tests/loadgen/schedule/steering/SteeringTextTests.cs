using FsCheck;
using FsCheck.Fluent;

namespace Pressure.LoadGen.Tests.Steering;

public sealed class SteeringTextTests
{
    private static readonly Gen<SteeringChange> Changes = Gen.OneOf(
        from count in Gen.Choose(0, int.MaxValue)
        from shift in Gen.Choose(2, 18)
        from per in Gen.OneOf(Gen.Elements(1_000L, 60_000, 3_600_000, 86_400_000).Select(ms => ms * TimeSpan.TicksPerMillisecond), Gen.Choose(10_000, int.MaxValue).Select(t => (long)t))
        let rate = new Rate(count / Power(shift), TimeSpan.FromTicks(per))
        where rate.PerSecond <= PlanLimits.HighestRate
        select (SteeringChange)new SteeringChange.ToRate(rate),
        from count in Gen.Choose(0, int.MaxValue)
        from shift in Gen.Choose(0, 18)
        select (SteeringChange)new SteeringChange.ToFactor(count / Power(shift)),
        Gen.Choose(0, PlanLimits.MostUsers).Select(u => (SteeringChange)new SteeringChange.ToUsers(u)),
        Gen.Elements<SteeringChange>(new SteeringChange.ToPlan(), new SteeringChange.Pause(), new SteeringChange.Resume(), new SteeringChange.Finish()));

    [Fact]
    public void What_is_written_is_read_as_the_same_change() =>
        Prop.ForAll(Changes.ToArbitrary(), change => SteeringText.Parse(SteeringText.Write(change)).Change == change).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("rate 500/s", "500/s")]
    [InlineData("rate 12.5/min", "12.50/min")]
    [InlineData("rate 20/950ms", "20/950ms")]
    [InlineData("rate 150%", "150.0%")]
    [InlineData("rate plan", "plan")]
    public void Changes_are_written_as_people_write_them(string written, string value) =>
        Assert.Equal(written, SteeringText.Write(SteeringText.Parse("rate", value).Change!));

    [Fact]
    public void A_rate_of_more_digits_than_can_be_written_is_rounded_to_what_can()
    {
        var written = SteeringText.Write(new SteeringChange.ToRate(new(1_234.567890123456789012345678m, TimeSpan.FromSeconds(1))));

        Assert.Equal("rate 1234.56789012345678901235/s", written);
        Assert.NotNull(SteeringText.Parse(written).Change);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rate")]
    [InlineData("faster 5/s")]
    [InlineData("pause now")]
    [InlineData("rate 5/s 6/s")]
    public void What_is_no_change_is_told_with_what_to_do(string text)
    {
        var wish = SteeringText.Parse(text);

        Assert.Null(wish.Change);
        Assert.NotEmpty(wish.Problem);
        Assert.NotEmpty(wish.Remedy);
    }

    private static decimal Power(int shift) => Enumerable.Repeat(10m, shift).Aggregate(1m, (a, b) => a * b);
}
