using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>A body: as it stands in the plan, and compiled.</summary>
/// <param name="Bytes">With slots as text.</param>
/// <param name="Template">The same, its slots to be filled.</param>
internal sealed record RequestBody(ReadOnlyMemory<byte> Bytes, Template Template);

/// <summary>Reads <c>body:</c>, <c>json:</c>, <c>form:</c> or <c>multipart:</c>.</summary>
internal static class BodyReader
{
    private static readonly string[] Kinds = ["body", "json", "form", "multipart"];

    /// <summary>The body, if any; adds a Content-Type unless the plan gives one.</summary>
    public static RequestBody? Read(FieldReader step, List<KeyValuePair<string, string>> headers, string? folder, TemplateNames names)
    {
        var given = Kinds.Where(step.Has).ToList();
        if (given.Count > 1)
            step.Report(given[1], $"{string.Join(" and ", given)} are given at once", "Keep exactly one of body, json, form and multipart.");
        RequestBody? body = null;
        foreach (var kind in given)
        {
            body = kind switch
            {
                "body" => Of(Encoding.UTF8.GetBytes(step.Read<string>(kind, PlainText.Any, "")), Escape.None, names),
                "json" when JsonBody.Read(step[kind]!, step.PathTo(kind), step.Problems) is { } json => Of(json, Escape.Json, names),
                "json" => null,
                "form" => Of(Encoding.UTF8.GetBytes(UrlText.Encode(PairReader.Texts(step, kind, "Write a map such as { name: value }."))), Escape.Url, names),
                _ => MultipartReader.Read(step, headers, folder, names),
            };
        }
        if (given is [not "multipart"] && !headers.Exists(IsContentType))
            headers.Add(new("Content-Type", ContentTypeOf(given[0])));
        return body;
    }

    /// <summary>Whether a header says what the body is.</summary>
    public static bool IsContentType(KeyValuePair<string, string> header) => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);

    private static RequestBody Of(ReadOnlyMemory<byte> bytes, Escape escape, TemplateNames names) =>
        new(bytes, Template.Parse(Encoding.UTF8.GetString(bytes.Span), escape, names));

    private static string ContentTypeOf(string kind) => kind switch
    {
        "json" => "application/json",
        "form" => "application/x-www-form-urlencoded",
        _ => "text/plain; charset=utf-8",
    };
}
