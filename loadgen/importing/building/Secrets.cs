using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Importing;

/// <summary>Finds what opens doors: passwords, tokens, session numbers. Plans are kept, mailed and committed; secrets must not travel with them.</summary>
internal static class Secrets
{
    public const string Mask = "masked";

    private const string Why = "looks like a secret and is written as 'masked'; --keep-secrets keeps it";

    private static readonly string[] Parts =
        ["password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey", "authorization", "credential", "session", "signature", "jwt", "csrf"];

    private static readonly string[] Wholes = ["pwd", "pass", "auth", "sid", "sig", "pin", "otp", "phpsessid"];

    // A JSON web token: three base64url parts, of which the first begins with {" . Without backtracking, since bodies may be long and hostile.
    private static readonly Regex WebToken = new(@"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", RegexOptions.NonBacktracking);

    /// <summary>Whether a name (of a header, parameter or field) promises a secret.</summary>
    public static bool IsNamed(string name)
    {
        var plain = string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        // max_tokens and the like are amounts.
        return !plain.EndsWith("tokens", StringComparison.Ordinal) && (Wholes.Contains(plain) || Parts.Any(p => plain.Contains(p, StringComparison.Ordinal)));
    }

    public static bool IsValue(string value) => WebToken.IsMatch(value);

    /// <summary>The path and query with secret values masked.</summary>
    public static string InUrl(string pathAndQuery, string where, ImportScope scope)
    {
        var question = pathAndQuery.IndexOf('?');
        var path = question < 0 ? pathAndQuery : pathAndQuery[..question];
        if (IsValue(path))
        {
            scope.Skip("token in the path", Why, where);
            path = WebToken.Replace(path, Mask);
        }
        return question < 0 ? path : $"{path}?{InPairs(pathAndQuery[(question + 1)..], "query parameter", where, scope)}";
    }

    /// <summary>The body with secret values masked.</summary>
    public static string InBody(string body, string contentType, string where, ImportScope scope)
    {
        if (contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return InPairs(body, "form field", where, scope);
        if (contentType.Contains("json", StringComparison.OrdinalIgnoreCase) && InJson(body, where, scope) is { } json)
            return json;
        if (!IsValue(body))
            return body;
        scope.Skip("token in the body", Why, where);
        return WebToken.Replace(body, Mask);
    }

    private static string InPairs(string pairs, string kind, string where, ImportScope scope) =>
        string.Join('&', pairs.Split('&').Select(pair =>
        {
            var equals = pair.IndexOf('=');
            if (equals < 0 || equals == pair.Length - 1)
                return pair;
            var name = Uri.UnescapeDataString(pair[..equals]);
            if (!IsNamed(name) && !IsValue(pair))
                return pair;
            scope.Skip($"value of {kind} '{Shown.Of(name)}'", Why, where);
            return $"{pair[..equals]}={Mask}";
        }));

    /// <summary>Null when it is no JSON; the text as it was when there is nothing to mask.</summary>
    private static string? InJson(string body, string where, ImportScope scope)
    {
        try
        {
            var root = JsonNode.Parse(body);
            return root is not null && MaskIn(root, where, scope) ? root.ToJsonString() : body;
        }
        // Wrong JSON, a name given twice, half a surrogate pair.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool MaskIn(JsonNode node, string where, ImportScope scope)
    {
        var changed = false;
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields.ToList())
                {
                    if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is { Length: > 0 } secret && (IsNamed(name) || IsValue(secret)))
                    {
                        scope.Skip($"value of JSON field '{Shown.Of(name)}'", Why, where);
                        fields[name] = Mask;
                        changed = true;
                    }
                    else if (value is not null)
                    {
                        changed |= MaskIn(value, where, scope);
                    }
                }
                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>().ToList())
                    changed |= MaskIn(item, where, scope);
                break;
        }
        return changed;
    }
}
