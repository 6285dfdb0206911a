using System.Text.RegularExpressions;
using Pressure.Record;

namespace Pressure.Reports.Tests;

public partial class StringsTests
{
    [Fact]
    public void Every_text_stands_in_both_languages_with_the_same_places()
    {
        foreach (var (key, texts) in Strings.All)
        {
            Assert.True(texts.Length == Enum.GetValues<ReportLanguage>().Length, $"'{key}' has {texts.Length} texts");
            Assert.All(texts, t => Assert.False(string.IsNullOrWhiteSpace(t), key));
            var places = texts.Select(t => Places().Matches(t).Select(m => m.Value).Distinct().Order()).ToList();
            Assert.True(places[0].SequenceEqual(places[1]), $"'{key}' does not fill in the same in both languages");
        }
    }

    [Fact]
    public void Chinese_punctuation_is_full_width()
    {
        foreach (var (key, texts) in Strings.All.Where(t => Han().IsMatch(t.Value[1])))
            Assert.False(HalfWidth().IsMatch(texts[1]), $"'{key}': {texts[1]}");
    }

    [Fact]
    public void Every_error_has_a_name_and_a_meaning()
    {
        foreach (var error in Enum.GetValues<RequestError>().Where(e => e != RequestError.None).Select(Outcomes.Name))
        {
            Assert.True(Strings.Has("error." + error), error);
            Assert.True(Strings.Has("chart.error." + error), error);
        }
    }

    [Fact]
    public void Every_verdict_has_a_word()
    {
        foreach (var verdict in Enum.GetValues<Verdict>())
            Assert.True(Strings.Has("verdict." + VerdictSection.Key(verdict)));
    }

    [Fact]
    public void Every_kind_of_event_speaks_both_languages()
    {
        foreach (var kind in typeof(TimelineEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(TimelineEvent))))
        {
            var arguments = kind.GetConstructors()[0].GetParameters().Select(p => p.ParameterType == typeof(string) ? "x" : Activator.CreateInstance(p.ParameterType));
            var what = (TimelineEvent)Activator.CreateInstance(kind, [.. arguments])!;
            var run = RunBuilder.New().Build();
            Assert.Matches(Han(), EventText.Summary(what, run, ReportLanguage.Zh).Detail);
            Assert.DoesNotMatch(Han(), EventText.Summary(what, run, ReportLanguage.En).Detail);
        }
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Places();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex("[,;:()]")]
    private static partial Regex HalfWidth();
}
