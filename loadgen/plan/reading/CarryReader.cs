using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>Reads <c>load.replay.carry</c>: which values of answers later requests take over.</summary>
internal static class CarryReader
{
    private const int Most = 20;
    private const string Remedy = "Write rules such as [ { json: $.token }, { header: X-Token }, { regex: 'name=\"csrf\" value=\"([^\"]+)\"' } ].";
    private static readonly string[] Sources = ["json", "header", "regex"];

    public static List<CarriedValue> ReadAll(FieldReader fields) =>
        fields["carry"] is PlanNode.Mapping one
            ? [.. One(Read(one, fields.PathTo("carry"), fields.Problems))]
            : [.. ScalarReader.Items(fields["carry"], fields.PathTo("carry"), Most, Remedy, fields.Problems).SelectMany((item, i) => One(Read(item, $"{fields.PathTo("carry")}[{i}]", fields.Problems)))];

    private static IEnumerable<CarriedValue> One(CarriedValue? value) => value is null ? [] : [value];

    private static CarriedValue? Read(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.Carry, problems) is not { } fields)
            return null;
        var given = Sources.Where(fields.Has).ToList();
        if (given.Count != 1)
        {
            fields.Report("has not exactly one source", "Write one of json, header and regex.");
            return null;
        }

        var header = fields.Has("header") ? fields.Read<string>("header", HeaderReader.ParseToken, "") : null;
        var json = fields.Has("json") ? fields.Read<JsonPath?>("json", JsonPath.Parse, null) : null;
        var pattern = fields.Has("regex") ? fields.Read<Regex?>("regex", PatternText.Parse, null) : null;
        var into = fields.Has("into") ? fields.Read<string>("into", ReadTemplate, "") : null;
        return header is { Length: > 0 } || json is not null || pattern is not null ? new(header, json, pattern, into is "" ? null : into) : null;
    }

    private static Complaint? ReadTemplate(string text, out string value)
    {
        const string remedy = "Write a header field with {} where the value goes: \"Authorization: Bearer {}\".";
        value = text.Trim();
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1)
            return new($"'{Shown.Of(text)}' is no header field", remedy);
        if (value.IndexOf("{}", colon, StringComparison.Ordinal) is var slot && (slot < 0 || value.IndexOf("{}", slot + 2, StringComparison.Ordinal) >= 0))
            return new($"'{Shown.Of(text)}' has not exactly one {{}}", remedy);
        return HeaderReader.NameComplaint(value[..colon].Trim()) ?? HeaderReader.ParseValue(value[(colon + 1)..], out _);
    }
}
