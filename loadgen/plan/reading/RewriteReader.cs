namespace Pressure.LoadGen;

/// <summary>Reads how replayed requests are changed: <c>set</c>, <c>remove</c>, <c>rewritePath</c>, <c>setParameter</c>, <c>removeParameter</c>.</summary>
internal static class RewriteReader
{
    /// <summary>All changes, in the order in which they are made.</summary>
    public static List<ReplayRewrite> ReadAll(FieldReader fields) =>
    [
        .. HeaderReader.Read(fields, "set").Select(h => new ReplayRewrite.Header(h.Key, h.Value)),
        .. ReplayLists.Texts(fields, "remove", "Write header fields such as remove: [ X-Debug ].", ReadHeaderName).Select(n => new ReplayRewrite.Header(n, null)),
        .. ReadPaths(fields),
        .. PairReader.Texts(fields, "setParameter", "Write a map such as { tenant: test }.").Select(p => new ReplayRewrite.Parameter(p.Key, p.Value)),
        .. ReplayLists.Texts(fields, "removeParameter", "Write parameters such as removeParameter: [ debug ].").Select(n => new ReplayRewrite.Parameter(n, null)),
    ];

    private static IEnumerable<ReplayRewrite.Path> ReadPaths(FieldReader fields)
    {
        foreach (var pair in PairReader.Pairs(fields, "rewritePath", "Write what to find and what to put there: { ^/v1/: /v2/ }."))
        {
            if (PatternText.Parse(pair.Key.Text, out var pattern) is { } complaint)
                fields.Problems.Add(pair.Key, pair.Path, complaint);
            else if (pair.Value is PlanNode.Scalar { IsNull: true, Text: "" })
                yield return new(pattern!, "");
            else if (ScalarReader.TryRead<string>(pair.Value, pair.Path, PlainText.Any, fields.Problems, out var replacement))
                yield return new(pattern!, replacement);
        }
    }

    private static Complaint? ReadHeaderName(string text, out string value)
    {
        value = text.Trim();
        return HeaderReader.NameComplaint(value);
    }
}
