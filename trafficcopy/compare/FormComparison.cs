using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>Compares bodies of forms, value by value; those of one name are joined in their order.</summary>
internal static class FormComparison
{
    /// <summary>Values of a form that are taken apart.</summary>
    private const int Most = 1_000;

    /// <summary>Compares them; false when there are too many values.</summary>
    public static bool TryCompare(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, ComparisonRules rules, AnswerDifferences found)
    {
        if (Math.Max(expected.Count((byte)'&'), actual.Count((byte)'&')) >= Most)
            return false;
        var (those, these) = (Read(expected), Read(actual));
        foreach (var (name, value) in those)
        {
            if (rules.IgnoresForm(name) || found.PassesOver(value))
                continue;
            if (!these.TryGetValue(name, out var other))
                found.Add("form:" + name, DifferenceKind.Missing, value, null);
            else if (value != other)
                found.Add("form:" + name, DifferenceKind.Changed, value, other);
        }
        foreach (var (name, value) in these)
        {
            if (!those.ContainsKey(name) && !rules.IgnoresForm(name))
                found.Add("form:" + name, DifferenceKind.Added, null, value);
        }
        return true;
    }

    private static Dictionary<string, string> Read(ReadOnlySpan<byte> form)
    {
        var values = new Dictionary<string, string>();
        foreach (var part in Encoding.UTF8.GetString(form).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            var name = Plain(equals < 0 ? part : part[..equals]);
            var value = equals < 0 ? "" : Plain(part[(equals + 1)..]);
            values[name] = values.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
        }
        return values;
    }

    private static string Plain(string encoded) => Uri.UnescapeDataString(encoded.Replace('+', ' '));
}
