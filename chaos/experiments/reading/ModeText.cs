using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>How many are struck, as people write it: <c>one</c>, <c>all</c>, <c>3</c>, <c>25%</c>, <c>up to 25%</c>.</summary>
internal static class ModeText
{
    public const string Remedy = "Write one, all, a number such as 3, a share such as 25%, or up to 25%.";

    private const string UpTo = "up to ";

    public static SelectionMode? Parse(string text) => text switch
    {
        "one" => new SelectionMode.One(),
        "all" => new SelectionMode.All(),
        _ when FaultArguments.Number(text) is > 0 and <= 100_000 and var count => count == 1 ? new SelectionMode.One() : new SelectionMode.Fixed((int)count),
        _ when FaultArguments.Percent(text) is > 0 and var share => new SelectionMode.Percent(share),
        _ when text.StartsWith(UpTo, StringComparison.Ordinal) && FaultArguments.Percent(text[UpTo.Length..]) is > 0 and var share => new SelectionMode.UpTo(share),
        _ => null,
    };

    public static string Of(SelectionMode mode) => mode switch
    {
        SelectionMode.All => "all",
        SelectionMode.Fixed m => $"{m.Count}",
        SelectionMode.Percent m => Percent(m.Share),
        SelectionMode.UpTo m => UpTo + Percent(m.Share),
        _ => "one",
    };

    private static string Percent(double share) => $"{(decimal)Math.Round(share * 100, 6):0.######}%";
}
