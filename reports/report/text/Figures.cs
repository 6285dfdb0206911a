using System.Globalization;

namespace Pressure.Reports;

/// <summary>Figures for people: about three digits that mean something, with their unit. Files for machines keep the full value.</summary>
public static class Figures
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Milliseconds as <c>0.41 ms</c>, <c>12.4 ms</c>, <c>412 ms</c>, <c>1.98 s</c>, <c>2 min 5 s</c>.</summary>
    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 10 => $"{milliseconds.ToString("0.##", Plain)} ms",
        < 100 => $"{milliseconds.ToString("0.#", Plain)} ms",
        < 999.5 => $"{milliseconds.ToString("0", Plain)} ms",
        < 9_995 => $"{(milliseconds / 1000).ToString("0.##", Plain)} s",
        < 59_950 => $"{(milliseconds / 1000).ToString("0.#", Plain)} s",
        _ => Span(TimeSpan.FromSeconds(Math.Round(milliseconds / 1000))),
    };

    /// <summary>A length of time in its two largest units: <c>30 s</c>, <c>2 min 5 s</c>, <c>12 h</c>.</summary>
    public static string Span(TimeSpan span)
    {
        (long Amount, string Unit)[] parts = [((long)span.TotalDays, "d"), (span.Hours, "h"), (span.Minutes, "min")];
        var first = Array.FindIndex(parts, p => p.Amount > 0);
        var seconds = (span.Seconds + span.Milliseconds / 1000.0).ToString("0.#", Plain) + " s";
        if (first < 0)
            return seconds;
        var rest = first + 1 < parts.Length ? (parts[first + 1].Amount, $"{parts[first + 1].Amount} {parts[first + 1].Unit}") : (span.Seconds, $"{span.Seconds} s");
        return $"{parts[first].Amount} {parts[first].Unit}" + (rest.Item1 > 0 ? " " + rest.Item2 : "");
    }

    /// <summary>A rate without its unit: <c>1.11</c>, <c>58.3</c>, <c>139</c>, <c>12,400</c>.</summary>
    public static string Rate(double perSecond) => Math.Abs(perSecond) switch
    {
        < 10 => perSecond.ToString("0.##", Plain),
        < 99.95 => perSecond.ToString("0.#", Plain),
        _ => perSecond.ToString("N0", Plain),
    };

    /// <summary>A share (0 to 1) as per cent. What is not zero is never shown as zero, what is not all never as all.</summary>
    public static string Share(double share) => share switch
    {
        > 0 and < 0.0001 => "<0.01 %",
        > 0.9999 and < 1 => ">99.99 %",
        < 0.1 or > 0.99 => (share * 100).ToString("0.##", Plain) + " %",
        _ => (share * 100).ToString("0.#", Plain) + " %",
    };

    /// <summary>A whole number with separators.</summary>
    public static string Count(long count) => count.ToString("N0", Plain);

    /// <summary>An operand or an unrounded result: up to two decimals, with separators.</summary>
    public static string Number(double value) => value.ToString("#,0.##", Plain);

    /// <summary>Bytes in decimal units: <c>512 B</c>, <c>1.2 MB</c>.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var unit = 0;
        for (; Math.Abs(bytes) >= 999.5 && unit < units.Length - 1; unit++)
            bytes /= 1000;
        return $"{(unit == 0 || bytes >= 99.5 ? bytes.ToString("0", Plain) : bytes.ToString("0.#", Plain))} {units[unit]}";
    }

    /// <summary>The same figure with spaces that a line does not break at.</summary>
    public static string Unbroken(string figure) => figure.Replace(' ', '\u00A0');

    /// <summary>A large count in words: <c>3.0 million</c>, <c>2.96 million</c>, <c>850,000</c>; in Chinese <c>300 万</c>, <c>1.2 亿</c>.</summary>
    public static string Large(double value, ReportLanguage language) => (language, value) switch
    {
        (ReportLanguage.Zh, >= 1e8) => $"{(value / 1e8).ToString("#,0.##", Plain)} 亿",
        (ReportLanguage.Zh, >= 1e5) => $"{(value / 1e4).ToString("#,0", Plain)} 万",
        (_, >= 1e9) => $"{(value / 1e9).ToString("#,0.0#", Plain)} billion",
        (_, >= 1e6) => $"{(value / 1e6).ToString("#,0.0#", Plain)} million",
        (_, >= 1e4) => (Math.Round(value / 1000) * 1000).ToString("#,0", Plain),
        _ => value.ToString("#,0", Plain),
    };
}
