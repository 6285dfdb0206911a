using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>
/// Writes HTTP archives (HAR 1.2), entry by entry. Bodies are decoded as the format wants them, and in base64 where they are no text. A map <c>_capture</c> in
/// each entry has what the format has no place for (connection, order, nanoseconds, marks); other readers pass it over.
/// </summary>
public static class HarExport
{
    private const int MaxDecoded = 64 << 20;
    private const int FlushAt = 1 << 18;

    private static readonly JsonWriterOptions Options = new() { Indented = false, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes exchanges; raw TCP is left out and counted.</summary>
    /// <param name="exchanges">The exchanges.</param>
    /// <param name="to">Where to.</param>
    /// <param name="name">The file, for the outcome.</param>
    /// <param name="stop">Ends it early; the file is whole then too.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public static TransferOutcome Write(IEnumerable<CapturedExchange> exchanges, Stream to, string name, CancellationToken stop = default)
    {
        var tally = new TransferTally(name);
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteStartObject("log");
        json.WriteString("version", "1.2");
        json.WriteStartObject("creator");
        json.WriteString("name", "Pressure");
        json.WriteString("version", typeof(HarExport).Assembly.GetName().Version?.ToString(3) ?? "0");
        json.WriteEndObject();
        json.WriteStartArray("entries");
        foreach (var exchange in exchanges)
        {
            if (stop.IsCancellationRequested)
            {
                tally.Stopped = true;
                break;
            }

            if (exchange.Protocol == TrafficProtocol.Tcp)
            {
                tally.LeaveOut("tcp");
                continue;
            }

            WriteEntry(json, exchange);
            tally.Exchanges++;
            if (json.BytesPending > FlushAt)
                json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        return tally.Done();
    }

    private static void WriteEntry(Utf8JsonWriter json, CapturedExchange e)
    {
        var sent = Milliseconds(e.RequestEnd - e.At);
        var waited = e.HasResponse ? Milliseconds(e.ResponseAt - e.RequestEnd) : 0;
        var received = e.HasResponse ? Milliseconds(e.ResponseEnd - e.ResponseAt) : 0;
        json.WriteStartObject();
        json.WriteString("startedDateTime", new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + Math.Clamp(e.At / 100, 0, 200_000_000_000_000_000), TimeSpan.Zero).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        json.WriteNumber("time", sent + waited + received);
        WriteRequest(json, e);
        WriteResponse(json, e);
        json.WriteStartObject("cache");
        json.WriteEndObject();
        json.WriteStartObject("timings");
        json.WriteNumber("send", sent);
        json.WriteNumber("wait", waited);
        json.WriteNumber("receive", received);
        json.WriteEndObject();
        json.WriteString("serverIPAddress", e.Server.Address.ToString());
        json.WriteString("connection", e.Connection.ToString(CultureInfo.InvariantCulture));
        json.WriteStartObject("_capture");
        json.WriteNumber("connection", e.Connection);
        json.WriteNumber("order", e.Order);
        json.WriteNumber("marks", (int)e.Marks);
        json.WriteNumber("at", e.At);
        json.WriteNumber("requestEnd", e.RequestEnd);
        json.WriteNumber("responseAt", e.ResponseAt);
        json.WriteNumber("responseEnd", e.ResponseEnd);
        json.WriteString("client", e.Client.ToString());
        json.WriteString("server", e.Server.ToString());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, CapturedExchange e)
    {
        var head = new HttpHead(e.Request.Head.Span);
        json.WriteStartObject("request");
        json.WriteString("method", Text(head.Method));
        json.WriteString("url", Url(head, e));
        json.WriteString("httpVersion", e.Protocol == TrafficProtocol.Http2 ? "HTTP/2" : Version(head));
        WriteFields(json, head);
        json.WriteStartArray("queryString");
        foreach (var pair in Text(head.Query).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            json.WriteStartObject();
            json.WriteString("name", pair.Split('=')[0]);
            json.WriteString("value", pair.IndexOf('=') is >= 0 and var equals ? pair[(equals + 1)..] : "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (e.Request.BodyLength > 0 && e.Request.Body.Length == e.Request.BodyLength)
        {
            json.WriteStartObject("postData");
            json.WriteString("mimeType", Text(head.Find("Content-Type"u8)));
            WriteText(json, e.Request.Body.Span);
            json.WriteEndObject();
        }

        json.WriteNumber("headersSize", e.Request.Head.Length + 2);
        json.WriteNumber("bodySize", e.Request.BodyLength);
        json.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter json, CapturedExchange e)
    {
        var head = new HttpHead(e.Response.Head.Span);
        json.WriteStartObject("response");
        json.WriteNumber("status", e.HasResponse ? head.Status : 0);
        json.WriteString("statusText", Reason(head));
        json.WriteString("httpVersion", e.Protocol == TrafficProtocol.Http2 ? "HTTP/2" : Text(head.StartLine).Split(' ')[0]);
        WriteFields(json, head);
        var body = e.Response.Body;
        var isWhole = body.Length == e.Response.BodyLength && (e.Marks & ExchangeMarks.ResponseIncomplete) == 0;
        if (isWhole)
        {
            var decoded = BodyDecoder.Decode(body, head.Combined("Content-Encoding"u8), isCut: false, MaxDecoded);
            (body, isWhole) = (decoded.Bytes, decoded.LeftOut == LeftOut.None);
        }

        json.WriteStartObject("content");
        json.WriteNumber("size", isWhole ? body.Length : e.Response.BodyLength);
        json.WriteString("mimeType", Text(head.Find("Content-Type"u8)));
        if (isWhole && e.HasResponse)
            WriteText(json, body.Span);
        json.WriteEndObject();
        json.WriteString("redirectURL", Text(head.Find("Location"u8)));
        json.WriteNumber("headersSize", e.HasResponse ? e.Response.Head.Length + 2 : -1);
        json.WriteNumber("bodySize", e.HasResponse ? e.Response.BodyLength : -1);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, HttpHead head)
    {
        json.WriteStartArray("headers");
        foreach (var field in head)
        {
            json.WriteStartObject();
            json.WriteString("name", Text(field.Name));
            json.WriteString("value", Text(field.Value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("cookies");
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> body)
    {
        try
        {
            json.WriteString("text", Strict.GetString(body));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String("text", body);
            json.WriteString("encoding", "base64");
        }
    }

    private static string Url(HttpHead head, CapturedExchange e)
    {
        var target = Text(head.Target);
        if (target.Contains("://", StringComparison.Ordinal))
            return target;
        var host = Text(head.Host);
        var scheme = e.Server.Port == 443 || (e.Marks & ExchangeMarks.Decrypted) != 0 ? "https" : "http";
        return $"{scheme}://{(host.Length > 0 ? host : e.Server.ToString())}{(target.StartsWith('/') ? target : "/" + target)}";
    }

    private static string Version(HttpHead head) => Text(head.StartLine) is var line && line.LastIndexOf(' ') is >= 0 and var space ? line[(space + 1)..] : "";

    private static string Reason(HttpHead head) => Text(head.StartLine).Split(' ', 3) is [_, _, var reason] ? reason : "";

    private static double Milliseconds(long nanoseconds) => Math.Max(0, nanoseconds) / 1e6;

    // UTF-8 in heads is against the rules, and common.
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
