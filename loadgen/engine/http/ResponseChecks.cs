using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Engine;

/// <summary>A request's checks made ready to be evaluated without allocating.</summary>
internal sealed class ResponseChecks
{
    /// <summary>How much of a body regular expressions see.</summary>
    public const int KeptBytes = 64 * 1024;

    /// <summary>Only the rule that a status of 400 or above fails.</summary>
    public static readonly ResponseChecks None = new([]);

    private readonly IReadOnlyList<Check> _checks;
    private readonly bool _explicitStatus;
    private readonly bool _keepForJson;
    private readonly byte[][] _headers;
    private readonly int _cookieField;

    /// <summary>Prepares checks.</summary>
    public ResponseChecks(IReadOnlyList<Check> checks, IReadOnlyList<Extract>? extracts = null, bool cookies = false)
    {
        _checks = checks;
        _keepForJson = checks.OfType<Check.Json>().Any();
        _explicitStatus = checks.OfType<Check.Status>().Any();
        Texts = [.. checks.OfType<Check.BodyContains>().Select(c => new Substring(Encoding.UTF8.GetBytes(c.Text)))];
        _headers = [.. checks.OfType<Check.Header>().Select(h => Encoding.UTF8.GetBytes(h.Text))];
        Fields.AddRange(checks.OfType<Check.Header>().Select(h => Encoding.UTF8.GetBytes(h.Name)));
        Extracts = new(extracts ?? [], Fields);
        _cookieField = cookies ? Fields.Count : -1;
        if (cookies)
            Fields.Add("Set-Cookie"u8.ToArray());
        Patterns = [.. checks.OfType<Check.BodyMatches>().Select(c => c.Pattern)];
    }

    /// <summary>Texts that the body must contain, in the order of the checks.</summary>
    public List<Substring> Texts { get; }

    /// <summary>Expressions that the body's start must match, in the order of the checks.</summary>
    public List<Regex> Patterns { get; }

    /// <summary>Names of the header fields that must be kept; those of header checks first.</summary>
    public List<byte[]> Fields { get; } = [];

    /// <summary>What later steps use of the response.</summary>
    public ResponseExtracts Extracts { get; }

    /// <summary>Whether more than the status must be looked at.</summary>
    public bool NeedBody => Fields.Count > 0 || NeedContent;

    /// <summary>Whether the body must be looked at, so decoded if it comes encoded.</summary>
    public bool NeedContent => Texts.Count > 0 || KeepBody;

    /// <summary>Whether the body's start must be kept.</summary>
    public bool KeepBody => Patterns.Count > 0 || _keepForJson || Extracts.NeedBody;

    /// <summary>Evaluates all checks; each that does not hold is added to <paramref name="failures"/> in words, if given.</summary>
    public CheckResult Evaluate(int status, BodyCheck body, List<string>? failures = null)
    {
        var result = new CheckResult(0, 0, _explicitStatus || status < 400);
        if (!result.Holds)
            failures?.Add($"status {status} is 400 or above");
        int text = 0, pattern = 0, header = 0;
        for (var i = 0; i < _checks.Count; i++)
        {
            var holds = _checks[i] switch
            {
                Check.Status s => InRanges(s.Ranges, status),
                Check.BodyContains => body.Contains(text++),
                Check.Header => Contains(body.Fields, header, _headers[header++]),
                Check.Json j => JsonValue.Holds(j, body.Kept),
                _ => Matches(Patterns[pattern++], body.Kept),
            };
            result = holds ? result with { Passed = result.Passed + 1 } : result with { Failed = result.Failed + 1, Holds = false };
            if (!holds)
                failures?.Add(Describe(_checks[i], status));
        }

        return result;
    }

    /// <summary>Puts the response's cookies, if they are to be kept, and the values for later steps into the scope; false if a value is missing.</summary>
    public bool Take(BodyCheck response, IterationScope? scope, Uri url, List<string>? failures = null)
    {
        TakeCookies(response, scope, url);
        return Extracts.Count == 0 || Extracts.Take(response, scope!, failures);
    }

    /// <summary>Puts the response's cookies, if they are to be kept, into the scope.</summary>
    public void TakeCookies(BodyCheck response, IterationScope? scope, Uri url)
    {
        for (var position = 0; _cookieField >= 0 && response.Fields.TryNext(_cookieField, ref position, out var cookie);)
            scope!.Cookies.Take(cookie, url);
    }

    private static bool InRanges(IReadOnlyList<(int From, int To)> ranges, int status)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (status >= ranges[i].From && status <= ranges[i].To)
                return true;
        }

        return false;
    }

    private static bool Contains(ResponseFields fields, int header, byte[] text)
    {
        for (var position = 0; fields.TryNext(header, ref position, out var value);)
        {
            for (var i = 0; i + text.Length <= value.Length; i++)
            {
                if (EqualsIgnoreCase(value.Slice(i, text.Length), text))
                    return true;
            }
        }

        return false;
    }

    // Ascii's own takes nothing beyond ASCII for equal.
    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> value, byte[] text) => value.SequenceEqual(text) || Ascii.EqualsIgnoreCase(value, text);

    private static bool Matches(Regex pattern, ReadOnlySpan<byte> body)
    {
        var text = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(body.Length));
        var length = Encoding.UTF8.GetChars(body, text);
        var matches = pattern.IsMatch(text.AsSpan(0, length));
        ArrayPool<char>.Shared.Return(text);
        return matches;
    }

    private static string Describe(Check check, int status) => check switch
    {
        Check.Status s => $"status {status} is not in {string.Join(", ", s.Ranges.Select(r => r.From == r.To ? $"{r.From}" : $"{r.From}-{r.To}"))}",
        Check.BodyContains c => $"the body does not contain \"{c.Text}\"",
        Check.Header h => $"no header {h.Name} contains \"{h.Text}\"",
        Check.Json j => $"the body's first 64 KiB do not hold {j.Value ?? "null"} at {j.Path}",
        Check.BodyMatches m => $"the body's first 64 KiB do not match {m.Pattern}",
        _ => throw new InvalidOperationException($"Unknown check {check.GetType().Name}"),
    };
}

/// <summary>How many checks held and did not, and whether the request passed (the implicit rule on the status included).</summary>
internal readonly record struct CheckResult(int Passed, int Failed, bool Holds);
