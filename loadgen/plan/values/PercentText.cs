namespace Pressure.LoadGen;

/// <summary>Shares: <c>80%</c>, <c>12.5%</c>; above 0 % and up to 100 %. The value is 0 to 1.</summary>
internal static class PercentText
{
    public static Complaint? Parse(string text, out double value)
    {
        value = 0;
        var trimmed = text.AsSpan().Trim();
        if (NumberText.TryParse(trimmed, out var bare))
            return new($"'{Shown.Of(text)}' has no percent sign", bare < 1 ? $"Write {bare * 100:0.####}%." : $"Write {bare:0.####}%.");
        if (!trimmed.EndsWith("%") || !NumberText.TryParse(trimmed[..^1], out var percent))
            return new($"'{Shown.Of(text)}' is not a share", "Write a percentage such as 80%.");
        if (percent is <= 0 or > 100)
            return new($"'{Shown.Of(text)}' is not above 0% and up to 100%", "Write a percentage such as 80%.");
        value = (double)(percent / 100);
        return null;
    }
}
