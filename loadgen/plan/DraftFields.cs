using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>Which member of a draft a problem's field belongs to.</summary>
internal static partial class DraftFields
{
    // The first that matches; what lies deeper in a member belongs to it.
    private static readonly (Regex Field, string Member)[] Members =
    [
        (LoadStage(), "Stages[$1].$2"),
        (LoadViews(), "PageViews.$1"),
        (LoadOther(), "$1"),
        (Check(), "Urls[$1].$2"),
        (UrlPart(), "Urls[$1].$2"),
        (Method(), "Urls[$1].Url"),
        (Scenario(), "Urls[$1].$2"),
        (Threshold(), "Thresholds[$1]"),
        (Http(), "Http.$1"),
        (Root(), "$1"),
    ];

    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["pv"] = "PageViews",
        ["scenarios"] = "Urls",
        ["steps"] = "Url",
        ["json"] = "Body",
        ["check.body"] = "BodyContains",
        ["check.status"] = "Status",
        ["check"] = "Status",
    };

    public static string MemberOf(string field)
    {
        foreach (var (pattern, member) in Members)
        {
            if (pattern.Match(field) is { Success: true } match)
                return member.Replace("$1", Named(match.Groups[1].Value)).Replace("$2", Named(match.Groups[2].Value)).TrimEnd('.');
        }
        return "";
    }

    private static string Named(string key)
    {
        if (Renamed.TryGetValue(key, out var renamed))
            return renamed;
        return key.Length > 0 ? char.ToUpperInvariant(key[0]) + key[1..] : "";
    }

    [GeneratedRegex(@"\Aload\.stages\[(\d+)\](?:\.(rate|over))?")]
    private static partial Regex LoadStage();

    [GeneratedRegex(@"\Aload\.pv\.(\w+)")]
    private static partial Regex LoadViews();

    [GeneratedRegex(@"\Aload\.(pv|rate|stages|duration|warmUp|arrivals)")]
    private static partial Regex LoadOther();

    [GeneratedRegex(@"\Ascenarios\[(\d+)\]\.steps\[0\]\.(check\.body|check\.status|check)")]
    private static partial Regex Check();

    [GeneratedRegex(@"\Ascenarios\[(\d+)\]\.steps\[0\]\.(query|headers|body|json|form|service)")]
    private static partial Regex UrlPart();

    [GeneratedRegex(@"\Ascenarios\[(\d+)\]\.steps\[0\]")]
    private static partial Regex Method();

    [GeneratedRegex(@"\Ascenarios\[(\d+)\](?:\.(name|weight|steps))?")]
    private static partial Regex Scenario();

    [GeneratedRegex(@"\Athresholds\[(\d+)\]")]
    private static partial Regex Threshold();

    [GeneratedRegex(@"\Ahttp\.(\w+)")]
    private static partial Regex Http();

    [GeneratedRegex(@"\A(name|target|scenarios|thresholds|hosts|http|workers)")]
    private static partial Regex Root();
}
