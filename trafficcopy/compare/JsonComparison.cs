using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>
/// Compares two JSON values by what they mean: properties in any order, numbers by value, elements of lists by their place, or, where some were put in
/// or taken out, by what they are.
/// </summary>
internal sealed class JsonComparison(ComparisonRules rules, AnswerDifferences found)
{
    /// <summary>Values within values that are followed; deeper JSON is compared as text.</summary>
    public const int MostDepth = 64;

    private readonly List<PathStep> _path = [];
    private readonly JsonDigest _digest = new(rules);

    public void Compare(JsonElement expected, JsonElement actual)
    {
        // Most of an answer is as it was, letter by letter.
        if (IsSameText(expected, actual) || rules.Ignores(_path))
            return;
        var (kind, other) = (KindOf(expected), KindOf(actual));
        if (kind == "string" && found.IsMasked && found.PassesOver(JsonText.Of(expected)))
            return;
        if (kind != other)
            Report(DifferenceKind.Type, expected, actual);
        else if (kind == "object")
            CompareObjects(expected, actual);
        else if (kind == "array")
            CompareArrays([.. expected.EnumerateArray()], [.. actual.EnumerateArray()]);
        else if (!SameScalar(expected, actual, kind))
            Report(DifferenceKind.Changed, expected, actual);
    }

    private static bool IsSameText(JsonElement expected, JsonElement actual) => JsonMarshal.GetRawUtf8Value(expected).SequenceEqual(JsonMarshal.GetRawUtf8Value(actual));

    /// <summary>Of true and false, too, one word.</summary>
    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };

    private static bool SameScalar(JsonElement expected, JsonElement actual, string kind) => kind switch
    {
        "string" => JsonText.Of(expected) == JsonText.Of(actual),
        "number" => JsonText.Canonical(expected) == JsonText.Canonical(actual),
        _ => expected.ValueKind == actual.ValueKind,
    };

    private void CompareObjects(JsonElement expected, JsonElement actual)
    {
        var (those, these) = (Properties(expected), Properties(actual));
        foreach (var (name, value) in those)
        {
            Enter(new PathStep(name, 0));
            if (these.Remove(name, out var other))
                Compare(value, other);
            else if (!rules.Ignores(_path))
                Report(DifferenceKind.Missing, value, null);
            Leave();
        }
        foreach (var (name, value) in these)
        {
            Enter(new PathStep(name, 0));
            if (!rules.Ignores(_path))
                Report(DifferenceKind.Added, null, value);
            Leave();
        }
    }

    /// <summary>Of several with one name the last counts, as for most who read JSON.</summary>
    private static Dictionary<string, JsonElement> Properties(JsonElement of)
    {
        var properties = new Dictionary<string, JsonElement>();
        foreach (var property in of.EnumerateObject())
            properties[JsonText.NameOf(property)] = property.Value;
        return properties;
    }

    private void CompareArrays(JsonElement[] expected, JsonElement[] actual)
    {
        var front = 0;
        while (front < Math.Min(expected.Length, actual.Length) && IsSameText(expected[front], actual[front]))
            front++;
        var (those, these) = (DigestsOf(expected, front), DigestsOf(actual, front));
        if (_digest.IsUsedUp)
        {
            CompareByPlace(expected, actual, front);
            return;
        }
        if (those.AsSpan().SequenceEqual(these))
            return;
        if (expected.Length == actual.Length && those.Order().SequenceEqual(these.Order()))
        {
            found.Add(FieldName.Of(_path), DifferenceKind.Order, Listed(expected), Listed(actual));
            return;
        }
        List<ListGap> gaps = [.. ListAlignment.Gaps(those, these).Select(g => g with { Expected = front + g.Expected, Actual = front + g.Actual })];
        if (expected.Length != actual.Length)
            ReportLength(expected, actual, gaps);
        foreach (var gap in gaps)
            CompareGap(expected, actual, gap);
    }

    private void CompareByPlace(JsonElement[] expected, JsonElement[] actual, int front)
    {
        if (expected.Length != actual.Length)
            found.Add(FieldName.Of(_path), DifferenceKind.Length, $"{expected.Length}", $"{actual.Length}");
        CompareGap(expected, actual, new ListGap(front, expected.Length - front, front, actual.Length - front));
    }

    /// <summary>How many there are, and on the longer side the first one that the other has not.</summary>
    private void ReportLength(JsonElement[] expected, JsonElement[] actual, List<ListGap> gaps)
    {
        var (those, these) = ($"{expected.Length}", $"{actual.Length}");
        if (expected.Length > actual.Length)
            those += gaps.Where(g => g.ExpectedCount > g.ActualCount).Select(g => $" (+ {JsonText.Shown(expected[g.Expected + g.ActualCount])})").First();
        else
            these += gaps.Where(g => g.ActualCount > g.ExpectedCount).Select(g => $" (+ {JsonText.Shown(actual[g.Actual + g.ExpectedCount])})").First();
        found.Add(FieldName.Of(_path), DifferenceKind.Length, those, these);
    }

    /// <summary>Between elements that are the same on both sides: as many as there are on both are one another's, the rest came or went.</summary>
    private void CompareGap(JsonElement[] expected, JsonElement[] actual, ListGap gap)
    {
        var both = Math.Min(gap.ExpectedCount, gap.ActualCount);
        for (var i = 0; i < both; i++)
        {
            Enter(new PathStep(null, gap.Expected + i));
            Compare(expected[gap.Expected + i], actual[gap.Actual + i]);
            Leave();
        }
        if (expected.Length != actual.Length || gap.ExpectedCount == gap.ActualCount)
            return; // The length says so already.
        Enter(new PathStep(null, 0));
        if (gap.ExpectedCount > both)
            Report(DifferenceKind.Missing, expected[gap.Expected + both], null);
        else
            Report(DifferenceKind.Added, null, actual[gap.Actual + both]);
        Leave();
    }

    private ulong[] DigestsOf(JsonElement[] elements, int from)
    {
        var digests = new ulong[elements.Length - from];
        for (var i = from; i < elements.Length && !_digest.IsUsedUp; i++)
        {
            Enter(new PathStep(null, i));
            digests[i - from] = _digest.Of(elements[i], _path);
            Leave();
        }
        return digests;
    }

    private static string Listed(JsonElement[] elements)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < elements.Length && text.Length <= Excerpt.Longest; i++)
            text.Append(i > 0 ? ", " : "").Append(JsonText.Shown(elements[i]));
        return text.Append(']').ToString();
    }

    private void Enter(PathStep step) => _path.Add(step);

    private void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>A list of a million may differ a million times in one field: the first time says it.</summary>
    private void Report(DifferenceKind kind, JsonElement? expected, JsonElement? actual)
    {
        var field = FieldName.Of(_path);
        if (found.Wants(field, kind))
            found.Add(field, kind, expected is { } e ? JsonText.Shown(e) : null, actual is { } a ? JsonText.Shown(a) : null);
    }
}
