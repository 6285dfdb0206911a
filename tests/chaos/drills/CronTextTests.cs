namespace Pressure.Chaos.Tests;

public sealed class CronTextTests
{
    [Theory]
    [InlineData("30 9 * * MON-FRI")]
    [InlineData("*/15 * * * *")]
    [InlineData("0 3 1,15 jan-mar *")]
    [InlineData("  5   4 * *  7 ")]
    [InlineData("0-30/10 8-18/2 * * 1,3,5")]
    public void What_crontabs_write_is_understood(string text) => Assert.Empty(CronText.Problems(text));

    [Theory]
    [InlineData("", "0 fields")]
    [InlineData("* * * *", "4 fields")]
    [InlineData("0 0 9 * * ?", "6 fields")]
    [InlineData("60 * * * *", "'60' is no minute")]
    [InlineData("0 25 * * *", "'25' is no hour")]
    [InlineData("0 9 0 * *", "'0' is no day of the month")]
    [InlineData("0 9 * 13 *", "'13' is no month")]
    [InlineData("0 9 * * MOON", "'MOON' is no day of the week")]
    [InlineData("0 9 * * FRI-MON", "runs backwards")]
    [InlineData("*/0 * * * *", "'/0' is no step")]
    [InlineData("noon * * * *", "'noon' is no minute")]
    [InlineData("1..5 * * * *", "'1..5' is nothing for the minute")]
    [InlineData("99999999999 * * * *", "nothing for the minute")]
    public void What_is_wrong_is_said_in_words_with_a_remedy(string text, string said)
    {
        var (message, remedy) = Assert.Single(CronText.Problems(text));
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.StartsWith("Write", remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once() => Assert.Equal(3, CronText.Problems("60 24 * 1,14 *").Count);
}
