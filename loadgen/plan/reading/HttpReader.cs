namespace Pressure.LoadGen;

/// <summary>Reads <c>http:</c>.</summary>
internal static class HttpReader
{
    private const int MostConnections = 60_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static HttpOptions Read(PlanNode? node, ProblemList problems)
    {
        var options = new HttpOptions();
        if (node is null || FieldReader.Open(node, "http", PlanKeys.Http, problems) is not { } fields)
            return options;
        var (one, two) = (new Version(1, 1), new Version(2, 0));
        var time = PlainText.Duration(Shortest, Longest);
        return new()
        {
            Version = fields.Read("version", PlainText.OneOf(("1.1", one), ("2", two), ("2.0", two)), options.Version),
            ConnectTimeout = fields.Read("connectTimeout", time, options.ConnectTimeout),
            Timeout = fields.Read("timeout", time, options.Timeout),
            MaxConnections = fields.Read("maxConnections", PlainText.WholeNumber(1, MostConnections), options.MaxConnections),
            KeepAlive = fields.Read("keepAlive", PlainText.Switch, options.KeepAlive),
            Insecure = fields.Read("insecure", PlainText.Switch, options.Insecure),
        };
    }
}
