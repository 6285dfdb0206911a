namespace Pressure.Chaos.Tests.Targets;

public sealed class SelectionModeTests
{
    [Theory]
    [InlineData("one")]
    [InlineData("all")]
    [InlineData("3")]
    [InlineData("25%")]
    [InlineData("12.5%")]
    [InlineData("100%")]
    [InlineData("up to 50%")]
    public void A_mode_is_written_as_it_was_read(string text) => Assert.Equal(text, SelectionMode.Parse(text)!.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("99999999999")]
    [InlineData("some")]
    [InlineData("up to 3")]
    [InlineData("25 percent")]
    [InlineData("25%\n25%")]
    public void What_is_no_mode_is_none(string? text) => Assert.Null(SelectionMode.Parse(text));

    [Theory]
    [InlineData("web-*", "web-1", true)]
    [InlineData("*", "", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYbZ", false)]
    [InlineData("web", "web-1", false)]
    [InlineData("*-1", "web-11", false)]
    [InlineData("", "web", false)]
    [InlineData("w?b", "web", false)]
    public void A_pattern_knows_only_the_star(string pattern, string text, bool expected) => Assert.Equal(expected, NamePattern.Matches(pattern, text));
}
