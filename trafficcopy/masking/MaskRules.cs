using System.Text.RegularExpressions;

namespace Pressure.TrafficCopy;

/// <summary>Where a masked value stands.</summary>
public enum MaskPlace
{
    /// <summary>A header field.</summary>
    Header,

    /// <summary>A cookie that the client sends or the server sets.</summary>
    Cookie,

    /// <summary>A parameter of a query, also within a URL in a header field.</summary>
    Query,

    /// <summary>A field of a form.</summary>
    Form,

    /// <summary>A value in JSON.</summary>
    Json,
}

/// <summary>What is masked in exchanges before anything of them is written.</summary>
public sealed record MaskRules
{
    /// <summary>Nothing.</summary>
    public static MaskRules None { get; } = new();

    /// <summary>
    /// What is masked unless something else is asked for: credentials in headers, the values of all cookies, and whatever has the name of a secret
    /// (<see cref="SecretNames"/>) in header fields, queries, forms and JSON; JSON web tokens, passwords in URLs, and AUTH of Redis.
    /// </summary>
    public static MaskRules Default { get; } = new() { Secrets = true };

    /// <summary>Whether credentials, cookies and what has the name of a secret is masked.</summary>
    public bool Secrets { get; init; }

    /// <summary>Names besides (patterns with <c>*</c>, in any case), by place.</summary>
    public IReadOnlyList<(MaskPlace Place, string Name)> Names { get; init; } = [];

    /// <summary>Names that stay as they are, whatever else holds.</summary>
    public IReadOnlyList<(MaskPlace Place, string Name)> Kept { get; init; } = [];

    /// <summary>Paths in JSON bodies.</summary>
    public IReadOnlyList<JsonMaskPath> JsonPaths { get; init; } = [];

    /// <summary>Patterns (non-backtracking), in targets, values of fields, and bodies.</summary>
    public IReadOnlyList<Regex> Patterns { get; init; } = [];

    /// <summary>Whether bodies are left out altogether.</summary>
    public bool DropBodies { get; init; }

    /// <summary>Whether equal values get equal words: a hash with a key that is made for the capture and kept nowhere. Else every value becomes <c>***</c>.</summary>
    public bool Hash { get; init; }

    /// <summary>Whether nothing is masked.</summary>
    public bool IsEmpty => !Secrets && !DropBodies && Names.Count + JsonPaths.Count + Patterns.Count == 0;

    /// <summary>What is masked, for people.</summary>
    public IReadOnlyList<string> InWords
    {
        get
        {
            var words = new List<string>();
            if (Secrets)
                words.AddRange(["header Authorization, Proxy-Authorization", "values of cookies", "what is named like a secret (password, token, secret, api_key, session, ...)", "JSON web tokens", "passwords in URLs", "AUTH of Redis"]);
            words.AddRange(Names.Select(n => $"{Word(n.Place)} {n.Name}"));
            words.AddRange(JsonPaths.Select(p => $"JSON {p}"));
            words.AddRange(Patterns.Select(p => $"pattern {p}"));
            if (DropBodies)
                words.Add("bodies");
            words.AddRange(Kept.Select(n => $"but not {Word(n.Place)} {n.Name}"));
            return words;
        }
    }

    private static string Word(MaskPlace place) => place switch
    {
        MaskPlace.Query => "query parameter",
        MaskPlace.Form => "form field",
        MaskPlace.Json => "JSON field",
        _ => place.ToString().ToLowerInvariant(),
    };
}
