using System.Text.RegularExpressions;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>send:</c> and <c>expect:</c>.</summary>
internal static class MessageReader
{
    private const string SendRemedy = "Write a text, or a map with one of text, json, base64 and hex.";
    private static readonly string[] Texts = ["contains", "base64", "hex"];

    /// <summary>What is sent: a text, or a map that says what it is.</summary>
    public static Payload Payload(FieldReader step, TemplateNames names)
    {
        if (step["send"] is PlanNode.Scalar)
            return Text(step.Read<string>("send", PlainText.Any, ""), Escape.None, names);
        if (FieldReader.Open(step["send"]!, step.PathTo("send"), PlanKeys.Payload, step.Problems) is not { } fields)
            return Text("", Escape.None, names);
        if (fields.Keys.Count() != 1)
            fields.Report("is not exactly one thing to send", SendRemedy);
        if (fields["json"] is { } json)
            return Text(System.Text.Encoding.UTF8.GetString(JsonBody.Read(json, fields.PathTo("json"), fields.Problems)), Escape.Json, names);
        return Bytes(fields) is { } bytes
            ? new(Template.Literal(bytes), isText: false)
            : Text(fields.Read<string>("text", PlainText.Any, ""), Escape.None, names);
    }

    /// <summary>What is waited for, and how long if it says so.</summary>
    public static (Expectation Expectation, TimeSpan? Within) Expectation(FieldReader step, TemplateNames names)
    {
        if (FieldReader.Open(step["expect"]!, step.PathTo("expect"), PlanKeys.Expectation, step.Problems) is not { } fields)
            return (new(), null);
        Templates.Check(fields, ["contains"], names);
        var texts = Texts.Where(fields.Has).ToList();
        if (texts.Count > 1)
            fields.Report(texts[1], $"{string.Join(" and ", texts)} are given at once", "Keep one of them.");
        var checks = new List<Check>();
        if (fields.Has("matches") && fields.Read<Regex?>("matches", PatternText.Parse, null) is { } pattern)
            checks.Add(new Check.BodyMatches(pattern));
        CheckReader.ReadJson(fields, checks);
        var expectation = new Expectation
        {
            Contains = Bytes(fields) is { } bytes ? Template.Literal(bytes) : Contained(fields, names),
            Checks = checks,
        };
        return (expectation, fields.Has("within") ? fields.Read("within", HttpReader.Time, default) : null);
    }

    private static Template? Contained(FieldReader fields, TemplateNames names) =>
        fields.Has("contains") && fields.Read<string?>("contains", CheckReader.ParseContained, null) is { Length: > 0 } text ? Template.Parse(text, Escape.None, names) : null;

    private static byte[]? Bytes(FieldReader fields) =>
        fields.Has("base64") ? fields.Read<byte[]>("base64", BytesText.Base64, []) : fields.Has("hex") ? fields.Read<byte[]>("hex", BytesText.Hex, []) : null;

    private static Payload Text(string text, Escape escape, TemplateNames names) => new(Template.Parse(text, escape, names), isText: true);
}
