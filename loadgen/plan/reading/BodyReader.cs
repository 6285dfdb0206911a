using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>body:</c>, <c>json:</c> or <c>form:</c>.</summary>
internal static class BodyReader
{
    private static readonly string[] Kinds = ["body", "json", "form"];

    /// <summary>The bytes, if any; adds a Content-Type unless the plan gives one.</summary>
    public static ReadOnlyMemory<byte>? Read(FieldReader step, List<KeyValuePair<string, string>> headers)
    {
        var given = Kinds.Where(step.Has).ToList();
        if (given.Count > 1)
            step.Report(given[1], $"{string.Join(" and ", given)} are given at once", "Keep exactly one of body, json and form.");
        ReadOnlyMemory<byte>? bytes = null;
        foreach (var kind in given)
        {
            bytes = kind switch
            {
                "body" => Encoding.UTF8.GetBytes(step.Read<string>(kind, PlainText.Any, "")),
                "json" => JsonBody.Read(step[kind]!, step.PathTo(kind), step.Problems),
                _ => Encoding.UTF8.GetBytes(UrlText.Encode(PairReader.Texts(step, kind, "Write a map such as { name: value }."))),
            };
        }
        if (given.Count == 1 && !headers.Exists(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
            headers.Add(new("Content-Type", ContentTypeOf(given[0])));
        return bytes;
    }

    /// <summary>How values in the body are made harmless.</summary>
    public static Escape EscapeOf(FieldReader step) => step.Has("json") ? Escape.Json : step.Has("form") ? Escape.Url : Escape.None;

    private static string ContentTypeOf(string kind) => kind switch
    {
        "json" => "application/json",
        "form" => "application/x-www-form-urlencoded",
        _ => "text/plain; charset=utf-8",
    };
}
