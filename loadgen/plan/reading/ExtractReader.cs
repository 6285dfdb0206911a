using System.Text.RegularExpressions;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>extract:</c>.</summary>
internal static class ExtractReader
{
    private const string Remedy = "Write extract such as { token: { json: $.data.token } }.";

    /// <summary>The extractions of a step; their variables are known from here on.</summary>
    public static List<Extract> Read(FieldReader step, TemplateNames names)
    {
        var extracts = new List<Extract>();
        if (step["extract"] is not { } node || FieldReader.Open(node, step.PathTo("extract"), Remedy, step.Problems) is not { } fields)
            return extracts;
        foreach (var variable in fields.Keys)
        {
            if (NameComplaint(variable, names) is { } complaint)
                fields.Report(variable, complaint.Message, complaint.Remedy);
            else if (FieldReader.Open(fields[variable]!, fields.PathTo(variable), PlanKeys.Extraction, fields.Problems) is { } source && ReadOne(variable, source) is { } extract)
                extracts.Add(extract);
        }

        // Those with problems too, so that the steps that use them are not reported as well.
        return [.. extracts.Select(e => e with { Index = names.Declare(e.Variable) })];
    }

    private static Extract? ReadOne(string variable, FieldReader source)
    {
        if (source.Keys.Count() != 1)
        {
            source.Report("has not exactly one source", "Write one of json, regex, header and cookie.");
            return null;
        }

        return source.Keys.First() switch
        {
            "json" => source.Read<JsonPath?>("json", JsonPath.Parse, null) is { } path ? new Extract.Json(variable, path) : null,
            "regex" => source.Read<Regex?>("regex", PatternText.Parse, null) is { } pattern ? new Extract.Matching(variable, pattern) : null,
            "header" => source.Read<string>("header", PlainText.Name, "") is { Length: > 0 } name ? new Extract.Header(variable, name) : null,
            "cookie" => source.Read<string>("cookie", PlainText.Name, "") is { Length: > 0 } name ? new Extract.Cookie(variable, name) : null,
            _ => null,
        };
    }

    private static Complaint? NameComplaint(string name, TemplateNames names)
    {
        if (name.Length is 0 or > 100 || name.Any(c => c is '{' or '}' or ':' || char.IsControl(c)))
            return new($"'{Shown.Of(name)}' is not a name for a variable", "Use 1 to 100 letters and digits.");
        return names.IsColumn(name) ? new($"'{Shown.Of(name)}' is a column of a data file already", "Give the variable another name.") : null;
    }
}
