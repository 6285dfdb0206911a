using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>
/// A captured message as it goes over a wire of HTTP/1.1, framed so that whoever reads it finds its end: chunked where its head says so, else with a length
/// that is right. Made anew for each message; what it was made of must stay.
/// </summary>
internal sealed class HttpWire
{
    private readonly ArrayBufferWriter<byte> _front = new();

    /// <summary>Head, empty line, and what frames the body's beginning.</summary>
    public ReadOnlyMemory<byte> Front => _front.WrittenMemory;

    /// <summary>What there is of the body.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Bytes of the body that were not kept.</summary>
    public long Missing { get; private set; }

    /// <summary>What frames the body's end.</summary>
    public ReadOnlyMemory<byte> Tail { get; private set; }

    /// <summary>Whether only the connection's end tells the message's.</summary>
    public bool EndsWithConnection { get; private set; }

    private static ReadOnlyMemory<byte> LastChunk { get; } = "\r\n0\r\n\r\n"u8.ToArray();

    private static ReadOnlyMemory<byte> NoChunk { get; } = "0\r\n\r\n"u8.ToArray();

    /// <summary>Frames a request.</summary>
    public void Request(CapturedExchange exchange) => Frame(exchange.Request, exchange.Protocol, isRequest: true, canHaveBody: true);

    /// <summary>Frames a response.</summary>
    public void Response(CapturedExchange exchange)
    {
        var status = new HttpHead(exchange.Response.Head.Span).Status;
        var method = new HttpHead(exchange.Request.Head.Span).Method;
        var canHaveBody = status is not (>= 100 and < 200 or 204 or 304) && !method.SequenceEqual("HEAD"u8) && !(status is >= 200 and < 300 && method.SequenceEqual("CONNECT"u8));
        Frame(exchange.Response, exchange.Protocol, isRequest: false, canHaveBody);
    }

    private void Frame(in CapturedMessage message, TrafficProtocol protocol, bool isRequest, bool canHaveBody)
    {
        _front.ResetWrittenCount();
        (Body, Tail, EndsWithConnection) = (message.Body, default, false);
        Missing = Math.Max(0, message.BodyLength - message.Body.Length);
        var length = message.Body.Length + Missing;
        if (protocol == TrafficProtocol.Tcp)
            return;
        var framing = WriteFields(message.Head.Span, protocol, canHaveBody ? length : null);
        if (framing == Framing.None && canHaveBody && (protocol == TrafficProtocol.Http2 || isRequest) && (length > 0 || !isRequest))
            new HttpHeadWriter(_front).Field("Content-Length"u8, length);
        else
            EndsWithConnection = framing == Framing.None && canHaveBody && !isRequest;
        _front.Write("\r\n"u8);
        if (framing != Framing.Chunked || !canHaveBody)
            return;
        if (length > 0)
        {
            Span<byte> digits = stackalloc byte[18];
            length.TryFormat(digits, out var written, "x");
            _front.Write(digits[..written]);
            _front.Write("\r\n"u8);
        }

        Tail = length > 0 ? LastChunk : NoChunk;
    }

    /// <summary>Writes start line and fields; a length that is not the body's is set right. Says how the body is framed.</summary>
    private Framing WriteFields(ReadOnlySpan<byte> bytes, TrafficProtocol protocol, long? length)
    {
        var writer = new HttpHeadWriter(_front);
        var head = new HttpHead(bytes);
        WriteStartLine(writer, head, protocol);
        var framing = Framing.None;
        foreach (var field in head)
        {
            if (field.Is("transfer-encoding"u8) && IsChunked(field.Value))
                framing = Framing.Chunked;
            else if (field.Is("content-length"u8) && framing == Framing.None)
                framing = Framing.Length;
            if (length is { } right && framing == Framing.Length && field.Is("content-length"u8))
                writer.Field(field.Name, right);
            else
                writer.Field(field);
        }

        return framing;
    }

    private static void WriteStartLine(HttpHeadWriter writer, HttpHead head, TrafficProtocol protocol)
    {
        if (protocol != TrafficProtocol.Http2)
            writer.StartLine(head.StartLine);
        else if (head.IsResponse)
            writer.Response(head.Status);
        else
            writer.Request(head.Method, head.Target);
    }

    private static bool IsChunked(ReadOnlySpan<byte> value) => System.Text.Ascii.EqualsIgnoreCase(value[(value.LastIndexOf((byte)',') + 1)..].Trim(" \t"u8), "chunked"u8);

    private enum Framing
    {
        None,
        Length,
        Chunked,
    }
}
