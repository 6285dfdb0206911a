using System.Globalization;
using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>How many are struck, as people write it: <c>one</c>, <c>all</c>, <c>3</c>, <c>25%</c>, <c>up to 50%</c>.</summary>
public static partial class SelectionModeText
{
    /// <summary>The five ways to write it, for messages.</summary>
    public const string Forms = "one, all, 3, 25% or up to 50%";

    /// <summary>Reads it; null if it is none of them.</summary>
    public static SelectionMode? Read(string? text) => text?.Trim() switch
    {
        "one" => new SelectionMode.One(),
        "all" => new SelectionMode.All(),
        { } number when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => count > 0 ? new SelectionMode.Fixed(count) : null,
        { } share when Share().Match(share) is { Success: true } match => OfShare(match),
        _ => null,
    };

    /// <summary>Writes it.</summary>
    public static string Write(SelectionMode mode) => mode switch
    {
        SelectionMode.One => "one",
        SelectionMode.All => "all",
        SelectionMode.Fixed(var count) => count.ToString(CultureInfo.InvariantCulture),
        SelectionMode.Percent(var share) => Percent(share),
        SelectionMode.UpTo(var share) => $"up to {Percent(share)}",
        _ => throw new System.Diagnostics.UnreachableException($"A mode was added and can't be written: {mode.GetType().Name}"),
    };

    /// <summary>A share as people write it: <c>12.5%</c>.</summary>
    internal static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round((decimal)share * 100, 6):0.######}%");

    private static SelectionMode? OfShare(Match match)
    {
        var percent = decimal.Parse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        if (percent is <= 0 or > 100)
            return null;
        var share = (double)(percent / 100);
        return match.Groups["upto"].Success ? new SelectionMode.UpTo(share) : new SelectionMode.Percent(share);
    }

    [GeneratedRegex(@"\A(?<upto>up\s+to\s+)?(?<number>[0-9]{1,3}(\.[0-9]{1,6})?)\s?%\z", RegexOptions.CultureInvariant)]
    private static partial Regex Share();
}
