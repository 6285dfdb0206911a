using System.Text;
using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>The rules by which values of answers go into later requests. Used by many threads.</summary>
internal sealed class CarryRules
{
    /// <summary>Longest value that is carried.</summary>
    public const int LongestValue = 4096;

    private readonly IReadOnlyList<CarriedValue> _rules;
    private readonly byte[][] _headers;
    private readonly (byte[] Name, byte[] Before, byte[] After)?[] _into;

    public CarryRules(IReadOnlyList<CarriedValue> rules)
    {
        _rules = rules;
        _headers = [.. rules.Select(r => Encoding.ASCII.GetBytes((r.Header ?? "").ToLowerInvariant()))];
        _into = [.. rules.Select(r => Template(r.Into))];
    }

    /// <summary>How many.</summary>
    public int Count => _rules.Count;

    /// <summary>Whether any needs an answer's body.</summary>
    public bool NeedBody => _rules.Any(LooksAtBody);

    /// <summary>What a rule needs of an answer.</summary>
    public AnswerParts Needs(int rule) => LooksAtBody(_rules[rule]) ? AnswerParts.Whole : AnswerParts.Head;

    /// <summary>Whether a rule fills a header field of its own.</summary>
    public bool HasTemplate(int rule) => _into[rule] is not null;

    /// <summary>Whether a field is filled by a rule; which.</summary>
    public bool TryFieldRule(ReadOnlySpan<byte> name, out int rule)
    {
        for (rule = 0; rule < _into.Length; rule++)
        {
            if (_into[rule] is { } into && Ascii.EqualsIgnoreCase(into.Name, name))
                return true;
        }

        return false;
    }

    /// <summary>The field of a rule with a template, without its end.</summary>
    public (byte[] Name, byte[] Before, byte[] After) Into(int rule) => _into[rule]!.Value;

    /// <summary>The value of an answer; null when it has none, or a longer one than is carried.</summary>
    /// <param name="rule">Which rule.</param>
    /// <param name="head">Its start line and fields.</param>
    /// <param name="body">Its body, decoded; asked for only when it is needed.</param>
    public byte[]? Take(int rule, ReadOnlySpan<byte> head, ref AnswerBody body)
    {
        var asked = _rules[rule];
        byte[]? value = null;
        if (asked.Header is not null)
            value = new HttpHead(head).TryFind(_headers[rule], out var field) ? field.ToArray() : null;
        else if (asked.Json is { } path)
            value = path.Take(body.Decoded(head));
        else if (asked.Pattern is { } pattern && pattern.Match(body.Text(head)) is { Success: true } match)
            value = Encoding.UTF8.GetBytes(match.Groups[match.Groups.Count > 1 ? 1 : 0].Value);
        return value is { Length: > 0 and <= LongestValue } ? value : null;
    }

    private static bool LooksAtBody(CarriedValue rule) => rule.Header is null;

    private static (byte[] Name, byte[] Before, byte[] After)? Template(string? into)
    {
        if (into is null)
            return null;
        var colon = into.IndexOf(':', StringComparison.Ordinal);
        var text = into[(colon + 1)..].Trim();
        var slot = text.IndexOf("{}", StringComparison.Ordinal);
        return (Encoding.ASCII.GetBytes(into[..colon].Trim()), Encoding.ASCII.GetBytes(text[..slot]), Encoding.ASCII.GetBytes(text[(slot + 2)..]));
    }
}
