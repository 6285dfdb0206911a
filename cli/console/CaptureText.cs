using System.Globalization;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>Captures in words.</summary>
internal static class CaptureText
{
    private const int LongestTarget = 90;

    /// <summary>A capture in one line.</summary>
    public static void Line(CaptureInfo info, TextWriter to) =>
        to.WriteLine($"{info.Name}: {Count(info.Exchanges, "exchange")} of {Count(info.Connections, "connection")}{(info.Exchanges > 0 ? $", {Time(info.FirstAt)} to {Time(info.LastAt)} ({Length(info)})" : "")}{Size(info.Name)}");

    /// <summary>What became of the packets, what was left out and masked.</summary>
    public static void Accounts(CaptureInfo info, CaptureSourcesOutcome sources, TextWriter to)
    {
        if (info.Accounts is { } accounts)
            to.Write(AccountsText.Of(accounts));
        if (sources.Overlapping > 0)
            to.WriteLine($"{Count(sources.Overlapping, "file")} began before another one's end, and {(sources.Overlapping == 1 ? "was" : "were")} read as another machine's.");
        LeftOut(info, to);
        MaskedCounts(info, to);
    }

    /// <summary>All that is to be told of a capture.</summary>
    public static void All(CaptureInfo info, IReadOnlyList<CapturedExchange> first, int endpoints, TextWriter to)
    {
        Line(info, to);
        if (info.Damage is { } damage)
            to.WriteLine($"  Note: {damage}.");
        if (info.Begun is { } begun)
            to.WriteLine($"  written {begun.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC{(info.IsComplete ? "" : ", not ended")}");
        to.WriteLine(info.Masked.Count == 0 ? "  nothing is masked: it may hold secrets" : $"  masked: {string.Join("; ", info.Masked)}");
        MaskedCounts(info, to);
        LeftOut(info, to);
        if (info.Endpoints.Count > 0)
            Endpoints(info, endpoints, to);
        if (first.Count > 0)
            First(info, first, to);
        if (info.Accounts is { } accounts)
            to.Write($"\nPackets\n{AccountsText.Of(accounts)}");
    }

    /// <summary>Nanoseconds since 1970 as a time.</summary>
    public static string Time(long at) =>
        new DateTime(DateTime.UnixEpoch.Ticks + Math.Clamp(at / 100, -600_000_000_000_000_000, 2_000_000_000_000_000_000), DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>Method and target of a request; of raw TCP how much was said.</summary>
    public static string Request(CapturedExchange exchange)
    {
        if (exchange.Protocol == TrafficProtocol.Tcp)
            return $"TCP :{exchange.Server.Port} {exchange.Request.BodyLength:N0} bytes";
        var head = new HttpHead(exchange.Request.Head.Span);
        var target = Plain(head.Target);
        return $"{Plain(head.Method)} {(target.Length > LongestTarget ? target[..LongestTarget] + "..." : target)}";
    }

    /// <summary>The answer's status; null without one.</summary>
    public static int? Status(CapturedExchange exchange) => exchange.HasResponse && exchange.Protocol != TrafficProtocol.Tcp ? new HttpHead(exchange.Response.Head.Span).Status : null;

    /// <summary>What is to be known of an exchange, in words.</summary>
    public static IReadOnlyList<string> Marks(CapturedExchange exchange) =>
        [.. Enum.GetValues<ExchangeMarks>().Where(m => m != ExchangeMarks.None && exchange.Marks.HasFlag(m)).Select(m => Words(m.ToString()))];

    /// <summary>A number of things.</summary>
    public static string Count(long count, string what) => count == 1 ? $"1 {what}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}s");

    private static void Endpoints(CaptureInfo info, int most, TextWriter to)
    {
        to.WriteLine(info.Endpoints.Count > most ? $"\nEndpoints (the first {most} of {info.Endpoints.Count})" : "\nEndpoints");
        foreach (var endpoint in info.Endpoints.Take(most))
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {endpoint.Requests,12:N0}  {(double)endpoint.Requests / info.Exchanges,6:0.0%}  {endpoint.Method} {endpoint.Path}"));
    }

    private static void First(CaptureInfo info, IReadOnlyList<CapturedExchange> first, TextWriter to)
    {
        to.WriteLine("\nFirst exchanges");
        foreach (var exchange in first)
        {
            var took = exchange.HasResponse ? Figures.Millis((exchange.ResponseEnd - exchange.At) / 1e6) : "no answer";
            var marks = Marks(exchange);
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  +{(exchange.At - info.FirstAt) / 1e9,9:0.000} s  #{exchange.Connection,-6} {Status(exchange)?.ToString(CultureInfo.InvariantCulture) ?? "---"}  {took,9}  {Request(exchange)}{(marks.Count > 0 ? $"  ({string.Join(", ", marks)})" : "")}"));
        }
    }

    private static void LeftOut(CaptureInfo info, TextWriter to)
    {
        if (info.LeftOut.Count > 0)
            to.WriteLine($"  left out: {string.Join(", ", info.LeftOut.OrderByDescending(l => l.Value).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value:N0}")))}");
    }

    private static void MaskedCounts(CaptureInfo info, TextWriter to)
    {
        if (info.MaskedCounts.Count == 0)
            return;
        var dropped = info.MaskedCounts.GetValueOrDefault("bodies-dropped");
        to.WriteLine(
            $"  masked {Count(info.MaskedCounts.GetValueOrDefault("values"), "value")} in {Count(info.MaskedCounts.GetValueOrDefault("exchanges"), "exchange")}" +
            (dropped > 0 ? $"; {(dropped == 1 ? "1 body was" : $"{dropped.ToString("N0", CultureInfo.InvariantCulture)} bodies were")} dropped, since they could not be looked through" : ""));
    }

    private static string Length(CaptureInfo info) => Figures.Span(TimeSpan.FromTicks(Math.Max(0, info.LastAt / 100 - info.FirstAt / 100)));

    private static string Size(string file)
    {
        if (!File.Exists(file))
            return "";
        var bytes = new FileInfo(file).Length;
        return FormattableString.Invariant(bytes switch { < 10_000 => $", {bytes:N0} bytes", < 10_000_000 => $", {bytes / 1e3:N0} kB", _ => $", {bytes / 1e6:N0} MB" });
    }

    // What strangers sent must not move the cursor.
    private static string Plain(ReadOnlySpan<byte> bytes) => string.Concat(Encoding.UTF8.GetString(bytes).Select(c => char.IsControl(c) ? '?' : c));

    private static string Words(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
