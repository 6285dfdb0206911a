namespace Pressure.LoadGen;

/// <summary>Shares: <c>80%</c>, <c>12.5%</c>. The value is 0 to 1.</summary>
internal static class PercentText
{
    /// <summary>Above 0 % and up to 100 %.</summary>
    public static Complaint? Parse(string text, out double value) =>
        Read(text, out value) ?? (value is > 0 and <= 1 ? null : new($"'{Shown.Of(text)}' is not above 0% and up to 100%", "Write a percentage such as 80%."));

    /// <summary>0 % to 100 %.</summary>
    public static Complaint? ParseFromZero(string text, out double value) =>
        Read(text, out value) ?? (value <= 1 ? null : new($"'{Shown.Of(text)}' is not from 0% to 100%", "Write a percentage such as 1%."));

    private static Complaint? Read(string text, out double value)
    {
        value = 0;
        var trimmed = text.AsSpan().Trim();
        if (NumberText.TryParse(trimmed, out var bare))
            return new($"'{Shown.Of(text)}' has no percent sign", bare < 1 ? $"Write {bare * 100:0.####}%." : $"Write {bare:0.####}%.");
        if (!trimmed.EndsWith("%") || !NumberText.TryParse(trimmed[..^1], out var percent))
            return new($"'{Shown.Of(text)}' is not a share", "Write a percentage such as 80%.");
        value = (double)(percent / 100);
        return null;
    }
}
