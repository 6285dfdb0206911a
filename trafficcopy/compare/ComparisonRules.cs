using System.Text.RegularExpressions;

namespace Pressure.TrafficCopy;

/// <summary>A rule that can't be understood.</summary>
/// <param name="Position">Its position in the list, from 0.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
public readonly record struct RuleProblem(int Position, string What, string Remedy);

/// <summary>
/// What does not matter when answers are compared. Rules are written as
/// <code>
/// status                         the status
/// header:X-Trace                 a header field (header:X-* for all that begin so; header:Set-Cookie for all cookies)
/// cookie:session                 a cookie that is set
/// $.time  $.items[*].id  $..id   a value in JSON, with all that is within
/// form:token                     a value of a form
/// body                           the whole body
/// body~nonce="[^"]*"             what a pattern finds in a body of text
/// !header:ETag                   compares a header field that is passed over by default
/// </code>
/// </summary>
public sealed class ComparisonRules
{
    /// <summary>Fields that differ by nature, framing and hops of the transfer among them.</summary>
    private static readonly string[] AlwaysNoise =
    [
        "Date", "Age", "Server-Timing", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Trailer", "Upgrade", "Alt-Svc", "Via",
        "X-Request-Id", "Request-Id", "X-Correlation-Id", "X-Trace-Id", "Traceparent", "Tracestate", "X-Runtime", "X-Response-Time",
    ];

    /// <summary>Fields that have to be there, or not, whatever they say: names of a version or moment of a content that is compared itself.</summary>
    private static readonly string[] OnlyPresence = ["ETag", "Last-Modified", "Expires"];

    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _ignored = new(AlwaysNoise, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _present = new(OnlyPresence, StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _prefixes = [];
    private readonly HashSet<string> _cookies = [];
    private readonly HashSet<string> _form = [];
    private readonly List<FieldPath> _paths = [];
    private readonly List<Regex> _patterns = [];

    private ComparisonRules()
    {
    }

    /// <summary>The defaults alone.</summary>
    public static ComparisonRules Default { get; } = new();

    internal bool IgnoresStatus { get; private set; }

    internal bool IgnoresBody { get; private set; }

    internal IReadOnlyList<Regex> Patterns => _patterns;

    /// <summary>Reads rules; without any, the defaults.</summary>
    /// <param name="ignore">The rules as written.</param>
    /// <param name="problems">All that is wrong with them; empty if nothing is.</param>
    /// <returns>The rules; those that are wrong are left out.</returns>
    public static ComparisonRules Read(IReadOnlyList<string> ignore, out IReadOnlyList<RuleProblem> problems)
    {
        var rules = new ComparisonRules();
        var found = new List<RuleProblem>();
        for (var i = 0; i < ignore.Count; i++)
        {
            if (rules.Add(ignore[i].Trim()) is var (what, remedy))
                found.Add(new RuleProblem(i, what, remedy));
        }
        problems = found;
        return rules;
    }

    internal bool IgnoresHeader(string name) => _ignored.Contains(name) || _prefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    internal bool IsOnlyPresence(string header) => _present.Contains(header);

    internal bool IgnoresCookie(string name) => _cookies.Contains(name);

    internal bool IgnoresForm(string name) => _form.Contains(name);

    internal bool Ignores(List<PathStep> path)
    {
        foreach (var pattern in _paths)
        {
            if (pattern.Names(path))
                return true;
        }
        return false;
    }

    private (string What, string Remedy)? Add(string rule)
    {
        if (rule == "status")
            IgnoresStatus = true;
        else if (rule == "body")
            IgnoresBody = true;
        else if (After(rule, "!header:") is { } again)
            return AddCompared(again);
        else if (After(rule, "header:") is { } header)
            return AddHeader(header);
        else if (After(rule, "cookie:") is { } cookie)
            return AddName(cookie, _cookies, "cookie:session");
        else if (After(rule, "form:") is { } value)
            return AddName(value, _form, "form:token");
        else if (After(rule, "body~") is { } pattern)
            return AddPattern(pattern);
        else if (rule.StartsWith('$') && FieldPath.Parse(rule) is { } path)
            _paths.Add(path);
        else if (rule.StartsWith('$'))
            return ($"'{Excerpt.Of(rule)}' is not a JSON path", "Write $.time, $.items[*].id, $['a name'], or $..id for any depth.");
        else
            return ($"'{Excerpt.Of(rule)}' names no field of an answer", "Write status, header:Name, cookie:name, $.json.path, form:name, body, or body~pattern.");
        return null;
    }

    private (string, string)? AddHeader(string name)
    {
        if (name.EndsWith('*') && (name.Length == 1 || IsToken(name[..^1])))
            _prefixes.Add(name[..^1]);
        else if (IsToken(name))
            _ignored.Add(name);
        else
            return NoHeader(name);
        return null;
    }

    private (string, string)? AddCompared(string name)
    {
        if (!IsToken(name))
            return NoHeader(name);
        _ignored.Remove(name);
        _present.Remove(name);
        return null;
    }

    private static (string, string)? AddName(string name, HashSet<string> to, string example)
    {
        if (name.Length == 0)
            return ("The name is missing", $"Write it behind the colon: {example}.");
        to.Add(name);
        return null;
    }

    private (string, string)? AddPattern(string pattern)
    {
        try
        {
            // Never backtracks: bodies come from whoever answers.
            _patterns.Add(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTime));
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return ($"'{Excerpt.Of(pattern)}' is not a pattern that can be used: {e.Message}", "Write a regular expression without lookarounds and back references, such as body~nonce=\"[^\"]*\".");
        }
    }

    private static (string, string)? NoHeader(string name) => ($"'{Excerpt.Of(name)}' is not the name of a header field", "Write header:Name, or header:X-* for all that begin so.");

    private static bool IsToken(string name) => name.Length is > 0 and <= 256 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'+-.^_`|~".Contains(c));

    private static string? After(string rule, string prefix) => rule.StartsWith(prefix, StringComparison.Ordinal) ? rule[prefix.Length..] : null;
}
