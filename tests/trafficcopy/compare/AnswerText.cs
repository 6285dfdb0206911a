using System.IO.Compression;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>Answers in few words.</summary>
internal static class AnswerText
{
    public static CapturedMessage Json(string body, params string[] fields) => Of(body, ["Content-Type: application/json", .. fields]);

    public static CapturedMessage Of(string body, params string[] fields) => Of(200, Encoding.UTF8.GetBytes(body), fields);

    public static CapturedMessage Of(int status, byte[] body, params string[] fields) =>
        new(Encoding.UTF8.GetBytes($"HTTP/1.1 {status} Whatever\r\n{string.Concat(fields.Select(f => f + "\r\n"))}"), body, body.Length);

    public static CapturedMessage Raw(byte[] bytes) => new(default, bytes, bytes.Length);

    /// <summary>Every difference as <c>field kind: expected -> actual</c>.</summary>
    public static IReadOnlyList<string> Compare(CapturedMessage expected, CapturedMessage actual, params string[] ignore) =>
        [.. Differences(expected, actual, ignore).Found.Select(d => $"{d.Field} {d.Kind.ToString().ToLowerInvariant()}: {d.Expected ?? "-"} -> {d.Actual ?? "-"}")];

    public static AnswerDifferences Differences(CapturedMessage expected, CapturedMessage actual, params string[] ignore)
    {
        var rules = ComparisonRules.Read(ignore, out var problems);
        Assert.Empty(problems);
        return new AnswerComparison(rules).Compare(expected, actual);
    }

    public static byte[] Zipped(string text, Func<Stream, Stream> coding)
    {
        var to = new MemoryStream();
        using (var zip = coding(to))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return to.ToArray();
    }

    public static byte[] Gzip(string text, CompressionLevel level = CompressionLevel.Optimal) => Zipped(text, to => new GZipStream(to, level));
}
