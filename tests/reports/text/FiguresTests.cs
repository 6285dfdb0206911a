namespace Pressure.Reports.Tests;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.412, "0.41 ms")]
    [InlineData(2.414, "2.41 ms")]
    [InlineData(41.23, "41.2 ms")]
    [InlineData(412.4, "412 ms")]
    [InlineData(999.7, "1 s")]
    [InlineData(1_980, "1.98 s")]
    [InlineData(12_340, "12.3 s")]
    [InlineData(125_000, "2 min 5 s")]
    public void Durations_have_about_three_digits(double milliseconds, string expected) => Assert.Equal(expected, Figures.Duration(milliseconds));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.00001, "<0.01 %")]
    [InlineData(0.0042, "0.42 %")]
    [InlineData(0.135, "13.5 %")]
    [InlineData(0.99995, ">99.99 %")]
    [InlineData(1, "100 %")]
    public void A_share_is_never_rounded_to_nothing_or_to_all(double share, string expected) => Assert.Equal(expected, Figures.Share(share));

    [Theory]
    [InlineData(1.111, "1.11")]
    [InlineData(58.3, "58.3")]
    [InlineData(138.97, "139")]
    [InlineData(12_400.4, "12,400")]
    public void Rates(double perSecond, string expected) => Assert.Equal(expected, Figures.Rate(perSecond));

    [Theory]
    [InlineData(3_002_400, "3.0 million", "300 万")]
    [InlineData(2_960_000, "2.96 million", "296 万")]
    [InlineData(850_400, "850,000", "85 万")]
    [InlineData(8_000, "8,000", "8,000")]
    [InlineData(1_200_000_000, "1.2 billion", "12 亿")]
    public void Large_counts_in_words(double value, string english, string chinese)
    {
        Assert.Equal(english, Figures.Large(value, ReportLanguage.En));
        Assert.Equal(chinese, Figures.Large(value, ReportLanguage.Zh));
    }

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1_234, "1.2 kB")]
    [InlineData(999_999, "1 MB")]
    [InlineData(123_456_789, "123 MB")]
    public void Bytes_in_decimal_units(double bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));

    [Theory]
    [InlineData(2.7, "2.7 s")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(43_200, "12 h")]
    [InlineData(90_060, "1 d 1 h")]
    public void Spans_in_their_two_largest_units(double seconds, string expected) => Assert.Equal(expected, Figures.Span(TimeSpan.FromSeconds(seconds)));
}
