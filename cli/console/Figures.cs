using System.Globalization;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>How figures are written on the console.</summary>
internal static class Figures
{
    public static string Millis(double? milliseconds) => milliseconds switch
    {
        null => "-",
        >= 10_000 => Invariant($"{milliseconds / 1000:0.0} s"),
        >= 1_000 => Invariant($"{milliseconds / 1000:0.00} s"),
        >= 100 => Invariant($"{milliseconds:0} ms"),
        >= 10 => Invariant($"{milliseconds:0.0} ms"),
        _ => Invariant($"{milliseconds:0.00} ms"),
    };

    public static string Rate(double perSecond) => perSecond >= 100 ? Invariant($"{perSecond:#,##0}/s") : Invariant($"{perSecond:0.##}/s");

    public static string Count(long count) => Invariant($"{count:#,##0}");

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1 << 20 => Invariant($"{bytes / (double)(1 << 20):0.#} MiB"),
        >= 1 << 10 => Invariant($"{bytes / (double)(1 << 10):0.#} KiB"),
        _ => Invariant($"{bytes} bytes"),
    };

    public static string Percent(double share) => share is > 0 and < 0.0001 ? "< 0.01 %" : Invariant($"{share * 100:0.##} %");

    public static string Span(TimeSpan time) => time.TotalHours >= 1 ? Invariant($"{(int)time.TotalHours}:{time:mm\\:ss}") : Invariant($"{time:mm\\:ss}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
