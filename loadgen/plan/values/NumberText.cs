using System.Globalization;

namespace Pressure.LoadGen;

/// <summary>Plain decimal numbers: <c>12</c>, <c>0.5</c>, <c>3,000,000</c>, <c>3_000_000</c>. No sign, no exponent, no NaN.</summary>
internal static class NumberText
{
    private const int MostDigits = 25;

    public static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        text = text.Trim();
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        if (text.Length is 0 or > MostDigits || whole.IsEmpty || !IsGrouped(whole, ',') || !IsGrouped(whole, '_'))
            return false;
        if (whole.ContainsAny(",_"))
            text = string.Concat(whole.ToString().Replace(",", "").Replace("_", ""), text[whole.Length..]);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && text[^1] != '.';
    }

    /// <summary>Separators must cut groups of three, so that 1,5 is not read as 15.</summary>
    private static bool IsGrouped(ReadOnlySpan<char> whole, char separator)
    {
        if (!whole.Contains(separator))
            return true;
        var first = true;
        foreach (var range in whole.Split(separator))
        {
            var length = whole[range].Length;
            if (first ? length is 0 or > 3 : length != 3)
                return false;
            first = false;
        }
        return true;
    }
}
