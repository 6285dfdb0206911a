namespace Pressure.LoadGen;

/// <summary>Rates: <c>500/s</c>, <c>30/min</c>, <c>0.5/s</c>, <c>20/950ms</c>; ramps: <c>0/s -> 500/s</c>.</summary>
internal static class RateText
{
    public const string Remedy = "Write requests per time, such as 500/s, 30/min, 0.5/s or 20/950ms.";

    private static readonly string[] Arrows = ["->", "→"];

    public static Complaint? Parse(string text, out Rate value)
    {
        value = default;
        if (NumberText.TryParse(text, out _))
            return new($"'{Shown.Of(text)}' does not say per what time", $"Write {text.Trim()}/s for that many requests per second.");
        var slash = text.IndexOf('/');
        if (slash < 0 || !NumberText.TryParse(text.AsSpan(0, slash), out var count))
            return new($"'{Shown.Of(text)}' is not a rate", Remedy);
        var after = text.AsSpan(slash + 1).Trim();
        if (!DurationText.TryUnit(after, out var per) && DurationText.Parse(after.ToString(), out per) is not null)
            return new($"'{Shown.Of(text)}' is not a rate", Remedy);
        if (per <= TimeSpan.Zero)
            return new($"'{Shown.Of(text)}' is a rate per no time", Remedy);
        value = new(count, per);
        return value.PerSecond > PlanLimits.HighestRate
            ? new($"'{Shown.Of(text)}' is more than {PlanLimits.HighestRate:N0} requests per second", "Write a lower rate.")
            : null;
    }

    /// <summary>A rate above zero.</summary>
    public static Complaint? ParsePositive(string text, out Rate value) =>
        Parse(text, out value) ?? (value.Count == 0 ? new("the rate is zero", "Write a rate above zero, such as 500/s.") : null);

    /// <summary>A rate that stays, or one that goes to another.</summary>
    public static Complaint? ParseRamp(string text, out (Rate From, Rate To) value)
    {
        value = default;
        var parts = text.Split(Arrows, StringSplitOptions.None);
        if (parts.Length > 2)
            return new($"'{Shown.Of(text)}' has more than one arrow", "Write one stage for each change: 0/s -> 500/s.");
        var complaint = Parse(parts[0], out var from) ?? Parse(parts[^1], out value.To);
        value.From = from;
        return complaint;
    }
}
