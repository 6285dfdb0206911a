using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads HTTP archives (HAR 1.1 and 1.2) as browsers and proxies save them: every entry that went over a network is an exchange. Bodies are what browsers
/// keep of them: decoded, so the fields that told of a coding are left out.
/// </summary>
public sealed class HarImport
{
    private readonly IExchangeSink _to;
    private readonly TransferTally _tally;
    private readonly HarConnections _connections;
    private readonly CapturedExchange _exchange = new();

    private HarImport(IExchangeSink to, TransferTally tally) => (_to, _tally, _connections) = (to, tally, new HarConnections(to));

    /// <summary>Reads a file and hands on what it holds. Bad content is told, never thrown.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What problems call it.</param>
    /// <param name="to">Takes the exchanges.</param>
    /// <param name="stop">Ends it early.</param>
    public static TransferOutcome Read(Stream stream, string name, IExchangeSink to, CancellationToken stop = default)
    {
        var tally = new TransferTally(name);
        var import = new HarImport(to, tally);
        var entries = new HarEntries(stream, tally);
        while (!stop.IsCancellationRequested && entries.Next() is { } entry)
        {
            using (entry)
                import.Take(entry.RootElement, entries);
        }

        tally.Stopped = stop.IsCancellationRequested;
        import._connections.EndAll();
        return tally.Done();
    }

    private void Take(JsonElement entry, HarEntries entries)
    {
        var request = entry.Get("request");
        if (request.Text("url") is not { Length: > 0 } address || request.Text("method") is not { Length: > 0 })
        {
            _tally.Note(entries.Offset, $"entry {entries.Count} has no request with method and url.", "It was left out.");
            return;
        }

        var url = HarUrl.Of(address);
        if (!url.IsHttp)
        {
            _tally.LeaveOut("not-http");
            return;
        }

        if (entry.Get("_fromCache").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            _tally.LeaveOut("from-cache");
            return;
        }

        if (!DateTimeOffset.TryParse(entry.Text("startedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var started))
        {
            _tally.Note(entries.Offset, $"entry {entries.Count} has no startedDateTime that can be read.", "It was left out.");
            return;
        }

        Take(entry, request, url, started);
        _tally.Exchanges++;
    }

    private void Take(JsonElement entry, JsonElement request, HarUrl url, DateTimeOffset started)
    {
        var own = entry.Get("_capture");
        _exchange.Marks = (ExchangeMarks)(own.Get("marks").AsLong() & (long)(ExchangeMarks.Masked | ExchangeMarks.Smuggling | ExchangeMarks.Decrypted | ExchangeMarks.JoinedLate | ExchangeMarks.RequestIncomplete | ExchangeMarks.ResponseIncomplete));
        (_exchange.Request, var requestIsCut) = HarMessages.Request(request, url);
        var response = HarMessages.Response(entry.Get("response"));
        _exchange.Response = response?.Message ?? default;
        _exchange.Marks |= (requestIsCut ? ExchangeMarks.RequestCut : 0) | (response?.IsCut == true ? ExchangeMarks.ResponseCut : 0);
        if (url.Scheme is "ws" or "wss")
            _exchange.Marks |= ExchangeMarks.Upgrade;
        var version = request.Text("httpVersion") ?? "";
        _exchange.Protocol = version.Contains('2') || version.Contains('3') ? TrafficProtocol.Http2 : TrafficProtocol.Http1;
        SetTimes(entry, own, started, response is not null);
        _exchange.Client = EndPoint(own.Text("client"), IPAddress.Any, 0);
        _exchange.Server = EndPoint(own.Text("server"), AddressOf(entry.Text("serverIPAddress")), url.Port);
        _connections.Place(_exchange, entry.Text("connection"), url, own);
        _to.Take(_exchange);
    }

    /// <summary>An entry begins when the browser wanted it; the request went out after it had a connection.</summary>
    private void SetTimes(JsonElement entry, JsonElement own, DateTimeOffset started, bool answered)
    {
        var timings = entry.Get("timings");
        var at = (started.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100 + Nanoseconds("blocked") + Nanoseconds("dns") + Nanoseconds("connect");
        _exchange.At = at;
        _exchange.RequestEnd = at + Nanoseconds("send");
        _exchange.ResponseAt = answered ? _exchange.RequestEnd + Nanoseconds("wait") : 0;
        _exchange.ResponseEnd = answered ? _exchange.ResponseAt + Nanoseconds("receive") : 0;
        if (own.Get("at").AsLong() is not 0 and var exact)
        {
            (_exchange.At, _exchange.RequestEnd) = (exact, own.Get("requestEnd").AsLong());
            if (answered)
                (_exchange.ResponseAt, _exchange.ResponseEnd) = (own.Get("responseAt").AsLong(), own.Get("responseEnd").AsLong());
        }

        // -1 says that it does not apply. A year is more than anybody waits.
        long Nanoseconds(string name) => (long)(Math.Clamp(timings.Get(name).AsNumber(), 0, 366 * 86_400_000.0) * 1_000_000);
    }

    private static IPEndPoint EndPoint(string? text, IPAddress address, int port) => IPEndPoint.TryParse(text ?? "", out var known) ? known : new(address, port);

    private static IPAddress AddressOf(string? text) => IPAddress.TryParse((text ?? "").Trim('[', ']'), out var address) ? address : IPAddress.Any;
}
