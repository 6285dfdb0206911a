using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Faults.Tests.Contract;

public sealed class FaultArgumentsTests
{
    [Theory]
    [InlineData("200ms", 0.2)]
    [InlineData("1.5m", 90.0)]
    [InlineData("24h", 86_400.0)]
    public void A_span_is_read(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), FaultArguments.Duration(text));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("0s")]
    [InlineData("0.00001ms")]
    [InlineData("25h")]
    [InlineData("30s\n")]
    // Digits, but of other scripts.
    [InlineData("3\ua8d0s")]
    [InlineData("\u0663s")]
    public void What_is_no_span_is_none(string text) => Assert.Null(FaultArguments.Duration(text));

    [Fact]
    public void Whatever_is_written_is_read_or_refused() =>
        Prop.ForAll(
            (from number in Gen.OneOf(Gen.Choose(0, 0xffff).Select(c => $"{(char)c}"), Gen.Elements("1", "9.5", "٣", "1e9", "NaN", "999999999999999999999999")).ArrayOf(3)
             from unit in Gen.Elements("", "ms", "s", "h", "MiB", "kbit", "%", "\n")
             select string.Concat(number) + unit).ToArbitrary(),
            text =>
            {
                _ = (FaultArguments.Duration(text), FaultArguments.Bytes(text), FaultArguments.BitRate(text), FaultArguments.Percent(text), FaultArguments.Number(text));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
}
