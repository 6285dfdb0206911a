using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>
/// A number for a JSON value that is the same for values that mean the same, what does not matter left out. Two lists are aligned by it; values that
/// differ and have the same one are so rare (2^-64) that they may be passed over.
/// </summary>
internal sealed class JsonDigest(ComparisonRules rules)
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    /// <summary>Values that are looked at in one comparison: lists within lists are looked at once for each of them.</summary>
    private const int MostValues = 500_000;

    private int _left = MostValues;

    /// <summary>Whether that was all: digests say nothing any more.</summary>
    public bool IsUsedUp => _left < 0;

    public ulong Of(JsonElement value, List<PathStep> path)
    {
        if (--_left < 0 || rules.Ignores(path))
            return 1;
        return value.ValueKind switch
        {
            JsonValueKind.Object => OfObject(value, path),
            JsonValueKind.Array => OfArray(value, path),
            JsonValueKind.String => Mix(4, Text(JsonText.Of(value))),
            JsonValueKind.Number => Mix(5, Text(JsonText.Canonical(value))),
            _ => Mix(6, (ulong)value.ValueKind),
        };
    }

    /// <summary>Properties are added up, so that their order does not matter.</summary>
    private ulong OfObject(JsonElement value, List<PathStep> path)
    {
        var sum = 0UL;
        foreach (var property in value.EnumerateObject())
        {
            if (IsUsedUp)
                break;
            var name = JsonText.NameOf(property);
            path.Add(new PathStep(name, 0));
            if (!rules.Ignores(path))
                sum += Mix(Text(name), Of(property.Value, path));
            path.RemoveAt(path.Count - 1);
        }
        return Mix(2, sum);
    }

    private ulong OfArray(JsonElement value, List<PathStep> path)
    {
        var (digest, index) = (3UL, 0);
        foreach (var element in value.EnumerateArray())
        {
            if (IsUsedUp)
                break;
            path.Add(new PathStep(null, index++));
            digest = Mix(digest, Of(element, path));
            path.RemoveAt(path.Count - 1);
        }
        return digest;
    }

    private static ulong Text(string text)
    {
        var digest = 0xCBF29CE484222325;
        foreach (var c in text)
            digest = (digest ^ c) * 0x100000001B3;
        return digest;
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var mixed = (a ^ (b + Prime + (a << 6) + (a >> 2))) * Prime;
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9;
        return mixed ^ (mixed >> 32);
    }
}
