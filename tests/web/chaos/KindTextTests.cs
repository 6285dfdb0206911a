using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Web.Language;

namespace Pressure.Web.Tests.Chaos;

public sealed class KindTextTests
{
    [Fact]
    public void Every_kind_of_fault_has_a_title_and_says_what_it_does_in_both_languages() => Assert.All(ExperimentKinds.Usual.Faults, kind =>
    {
        AssertTitled(kind.Kind, KindText.Fault(kind.Kind, Texts.En), KindText.Fault(kind.Kind, Texts.Zh));
        Assert.Equal(kind.Summary, KindText.Of(kind, Texts.En));
        AssertChinese(KindText.Of(kind, Texts.Zh), kind.Kind);
        Assert.All(kind.Parameters, p => AssertParameter(kind.Kind, p));
    });

    [Fact]
    public void Every_kind_of_probe_has_a_title_and_says_what_it_asks_in_both_languages() => Assert.All(ProbeFactory.Every, kind =>
    {
        AssertTitled(kind.Kind, KindText.Probe(kind.Kind, Texts.En), KindText.Probe(kind.Kind, Texts.Zh));
        Assert.Equal(kind.Summary, KindText.Of(kind, Texts.En));
        AssertChinese(KindText.Of(kind, Texts.Zh), kind.Kind);
        Assert.All(kind.Parameters, p => AssertParameter(kind.Kind, p));
    });

    private static void AssertTitled(string kind, string english, string chinese)
    {
        Assert.NotEqual(kind, english);
        AssertChinese(chinese, kind);
    }

    private static void AssertParameter(string kind, FaultParameter parameter)
    {
        Assert.Equal(parameter.Summary, KindText.Of(kind, parameter, Texts.En));
        AssertChinese(KindText.Of(kind, parameter, Texts.Zh), $"{kind}.{parameter.Name}");
    }

    private static void AssertChinese(string text, string of) => Assert.True(text.Any(c => c is >= '\u4e00' and <= '\u9fff'), $"{of}: {text}");
}
