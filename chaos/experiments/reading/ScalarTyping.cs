using System.Globalization;
using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>What an unquoted YAML value is, as Chaos Toolkit's reader (YAML 1.1) takes it: <c>yes</c> and <c>on</c> are switches too.</summary>
internal static partial class ScalarTyping
{
    public static object? Of(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => Number(text) ?? text,
    };

    /// <summary>A long or a double; null if the text is no number, or one that no number here can hold.</summary>
    public static object? Number(string text) =>
        Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : Fraction().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) && double.IsFinite(fraction) ? fraction
            : null;

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();
}
