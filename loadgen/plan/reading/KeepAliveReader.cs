namespace Pressure.LoadGen;

/// <summary>Reads <c>http.keepAlive</c>: a word, or limits.</summary>
internal static class KeepAliveReader
{
    private const int MostRequests = 1_000_000_000;
    private const string Remedy = "Write true, false, iteration, or limits such as { requests: 100, idle: 30s }.";

    private static readonly TimeSpan ShortestIdle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromHours(1);

    /// <summary>The options with what the field says.</summary>
    public static HttpOptions Read(FieldReader http, HttpOptions options) => http["keepAlive"] switch
    {
        null => options,
        PlanNode.Scalar => http.Read("keepAlive", ParseWord(options), options),
        var node => ReadLimits(node, http, options),
    };

    private static HttpOptions ReadLimits(PlanNode node, FieldReader http, HttpOptions options)
    {
        var path = http.PathTo("keepAlive");
        if (node is not PlanNode.Mapping || FieldReader.Open(node, path, PlanKeys.KeepAlive, http.Problems) is not { } fields)
        {
            if (node is PlanNode.Sequence)
                http.Report("keepAlive", "is a list", Remedy);
            return options;
        }

        if (!fields.Keys.Any())
            fields.Report("has no limit", Remedy);
        return options with
        {
            KeepAliveRequests = fields.Read("requests", PlainText.WholeNumber(1, MostRequests), options.KeepAliveRequests),
            KeepAliveIdle = fields.Read("idle", PlainText.Duration(ShortestIdle, LongestIdle), options.KeepAliveIdle),
        };
    }

    private static ValueReader<HttpOptions> ParseWord(HttpOptions options) => (string text, out HttpOptions value) =>
    {
        value = options with { KeepAlive = text != "false", KeepAliveInIteration = text == "iteration" };
        return text is "true" or "false" or "iteration" ? null : new($"'{Shown.Of(text)}' is none of true, false and iteration", Remedy);
    };
}
