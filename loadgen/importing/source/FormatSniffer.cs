using System.Text;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Importing;

/// <summary>Recognises a format by the beginning of the content; file names are not looked at.</summary>
internal static partial class FormatSniffer
{
    public static ImportFormat? Recognise(ReadOnlySpan<byte> head)
    {
        var text = (ImportSource.EncodingOf(head) ?? Encoding.UTF8).GetString(head).TrimStart('\ufeff').TrimStart();
        if (text.StartsWith('{') || text.StartsWith('['))
            return OfJson(text);
        if (OpenApiYaml().IsMatch(text))
            return ImportFormat.OpenApi;
        foreach (var line in Significant(text))
        {
            if (Log().IsMatch(line))
                return ImportFormat.Log;
            if (Curl().IsMatch(line))
                return ImportFormat.Curl;
            if (UrlListReader.LooksLikeLine(line))
                return ImportFormat.Urls;
        }
        return null;
    }

    // The keys may stand anywhere: objects have no order, and a HAR may begin with pages.
    private static ImportFormat? OfJson(string text) =>
        OpenApiJson().IsMatch(text) ? ImportFormat.OpenApi
        : HarJson().IsMatch(text) ? ImportFormat.Har
        : PostmanJson().IsMatch(text) ? ImportFormat.Postman
        : null;

    /// <summary>The first lines that say something; the first of a log may be torn by rotation.</summary>
    private static IEnumerable<string> Significant(string text) =>
        text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith('#') && !l.StartsWith("//", StringComparison.Ordinal)).Take(20);

    [GeneratedRegex(@"\[\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] """)]
    private static partial Regex Log();

    [GeneratedRegex(@"\A(\$ |[A-Za-z_][A-Za-z0-9_]*=\S* |sudo |time )*curl(\.exe)?(\s|\z)")]
    private static partial Regex Curl();

    [GeneratedRegex(@"^[""']?(openapi|swagger)[""']?\s*:", RegexOptions.Multiline)]
    private static partial Regex OpenApiYaml();

    [GeneratedRegex(@"\A\{[^{\[]*""(openapi|swagger)""\s*:\s*""|""(openapi|swagger)""\s*:\s*""[23]\.\d")]
    private static partial Regex OpenApiJson();

    [GeneratedRegex(@"\A\{\s*""log""\s*:\s*\{")]
    private static partial Regex HarJson();

    [GeneratedRegex(@"getpostman\.com|schema\.postman\.com|""_postman_id""|\A\{\s*""info""\s*:\s*\{|\A\{\s*""collection""\s*:\s*\{")]
    private static partial Regex PostmanJson();
}
