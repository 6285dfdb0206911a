namespace Pressure.LoadGen;

/// <summary>Amounts of people's size: <c>3000000</c>, <c>3,000,000</c>, <c>3M</c>, <c>500k</c>, <c>300万</c>, <c>1.2亿</c>.</summary>
internal static class AmountText
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
        [("k", 1_000), ("K", 1_000), ("M", 1_000_000), ("万", 10_000), ("亿", 100_000_000)];

    public static Complaint? Parse(string text, out double value)
    {
        var rest = text.AsSpan().Trim();
        var factor = 1m;
        foreach (var (suffix, by) in Suffixes)
        {
            if (!rest.EndsWith(suffix))
                continue;
            factor = by;
            rest = rest[..^suffix.Length];
            break;
        }
        value = 0;
        if (!NumberText.TryParse(rest, out var number))
            return new($"'{Shown.Of(text)}' is not an amount", "Write a number such as 3000000, 3,000,000, 3M or 300万.");
        value = (double)number * (double)factor;
        return null;
    }
}
