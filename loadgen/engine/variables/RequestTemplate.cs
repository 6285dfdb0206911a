namespace Pressure.LoadGen.Engine;

/// <summary>The parts of a request that differ from iteration to iteration.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">By name; only those with slots.</param>
/// <param name="Body">Null when every body is the same.</param>
internal sealed record RequestTemplate(Template Target, IReadOnlyDictionary<string, Template> Headers, Template? Body)
{
    private readonly Expression[] _needs = [.. new[] { Target, Body }.Concat(Headers.Values).OfType<Template>().SelectMany(t => t.Leaves).Where(e => e is Expression.Column or Expression.Variable).Distinct()];

    /// <summary>Compiles a request's texts; null when nothing in them is a slot.</summary>
    /// <param name="url">Whole, with percent-encoded slots.</param>
    /// <param name="headers">As given.</param>
    /// <param name="body">The body; null when there is none.</param>
    /// <param name="authorization">What the Authorization header comes from, if not from its text.</param>
    /// <param name="names">What the slots may name.</param>
    public static RequestTemplate? Of(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, Template? body, Template? authorization, TemplateNames names)
    {
        var target = Template.Parse(url.PathAndQuery, Escape.Url, names);
        var fields = headers.Select(h => (h.Key, Value: Template.Parse(h.Value, Escape.Header, names))).Where(h => h.Value.HasSlots)
            .ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        if (authorization is not null)
            fields["Authorization"] = authorization;
        var content = body is { HasSlots: true } ? body : null;
        return target.HasSlots || fields.Count > 0 || content is not null ? new(target, fields, content) : null;
    }

    /// <summary>Data that it needs and that has no row left for the iteration; null if there is none such.</summary>
    public DataFeed? UsedUp(IterationScope scope) => _needs.OfType<Expression.Column>().FirstOrDefault(c => !scope.Has(c))?.Feed;

    /// <summary>Whether the iteration has all values for it.</summary>
    public bool CanRender(IterationScope scope)
    {
        foreach (var need in _needs)
        {
            if (!scope.Has(need))
                return false;
        }

        return true;
    }
}
