namespace Pressure.LoadGen;

/// <summary>Foreign text made fit for a message: short, on one line, without control characters.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Of(string text)
    {
        var cut = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "...");
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
