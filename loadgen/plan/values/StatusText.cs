namespace Pressure.LoadGen;

/// <summary>Expected response statuses: <c>200</c>, <c>2xx</c>, <c>200..299</c>.</summary>
internal static class StatusText
{
    private const string Remedy = "Write a status such as 200, a class such as 2xx, a range such as 200..299, or a list of them: [200, 404].";

    public static Complaint? Parse(string text, out (int From, int To) value)
    {
        value = default;
        var trimmed = text.Trim();
        if (trimmed.Length == 3 && trimmed[0] is >= '1' and <= '9' && trimmed.AsSpan(1).Equals("xx", StringComparison.OrdinalIgnoreCase))
        {
            var hundred = (trimmed[0] - '0') * 100;
            value = (hundred, hundred + 99);
            return null;
        }
        var parts = trimmed.Split("..");
        if (parts.Length > 2 || !TryStatus(parts[0], out var from) || !TryStatus(parts[^1], out var to))
            return new($"'{Shown.Of(text)}' is not a status", Remedy);
        value = (from, to);
        return from <= to ? null : new($"'{Shown.Of(text)}' ends before it begins", $"Write {to}..{from}.");
    }

    private static bool TryStatus(string text, out int status)
    {
        status = 0;
        return text.Trim() is { Length: 3 } digits && int.TryParse(digits, System.Globalization.NumberStyles.None, null, out status) && status >= 100;
    }
}
