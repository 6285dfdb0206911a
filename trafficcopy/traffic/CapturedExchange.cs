using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>
/// A request with its response, or what there is of them: what a capture is made of. Of raw TCP it is a turn: what the client said, and what the server
/// answered before the client spoke again.
/// </summary>
/// <remarks>
/// Handed from sink to sink it is valid during the call only, bytes included, since its maker uses it again; <see cref="Keep"/> makes one that lasts.
/// Times are nanoseconds since 1970 (UTC).
/// </remarks>
public sealed class CapturedExchange
{
    /// <summary>The client's connection: number within the capture, from 1.</summary>
    public long Connection { get; set; }

    /// <summary>Position within its connection, from 0; of HTTP/2 in the order in which streams were opened.</summary>
    public int Order { get; set; }

    /// <summary>What was spoken.</summary>
    public TrafficProtocol Protocol { get; set; }

    /// <summary>What is to be known about it.</summary>
    public ExchangeMarks Marks { get; set; }

    /// <summary>First byte of the request.</summary>
    public long At { get; set; }

    /// <summary>Last byte of the request.</summary>
    public long RequestEnd { get; set; }

    /// <summary>First byte of the response; 0 without one.</summary>
    public long ResponseAt { get; set; }

    /// <summary>Last byte of the response; 0 without one.</summary>
    public long ResponseEnd { get; set; }

    /// <summary>Who asked.</summary>
    public IPEndPoint Client { get; set; } = new(IPAddress.None, 0);

    /// <summary>Who was asked.</summary>
    public IPEndPoint Server { get; set; } = new(IPAddress.None, 0);

    /// <summary>What was asked.</summary>
    public CapturedMessage Request { get; set; }

    /// <summary>What was answered; empty without <see cref="HasResponse"/>.</summary>
    public CapturedMessage Response { get; set; }

    /// <summary>Whether there is a response, or a part of one.</summary>
    public bool HasResponse => ResponseAt != 0;

    /// <summary>Becomes like another one, whose bytes it shares.</summary>
    public void CopyFrom(CapturedExchange other)
    {
        (Connection, Order, Protocol, Marks) = (other.Connection, other.Order, other.Protocol, other.Marks);
        (At, RequestEnd, ResponseAt, ResponseEnd) = (other.At, other.RequestEnd, other.ResponseAt, other.ResponseEnd);
        (Client, Server, Request, Response) = (other.Client, other.Server, other.Request, other.Response);
    }

    /// <summary>A copy that lasts.</summary>
    public CapturedExchange Keep()
    {
        var kept = (CapturedExchange)MemberwiseClone();
        (kept.Request, kept.Response) = (Request.Keep(), Response.Keep());
        return kept;
    }
}

/// <summary>One side of an exchange.</summary>
/// <param name="Head">
/// Start line and fields in the notation of HTTP/1.1, lines ended by CRLF, without the empty line: <c>GET /a HTTP/1.1\r\nHost: x\r\n</c>. Fields are as they
/// came, those that frame the body included (unfolded, CRLF for bare LF); of HTTP/2 the pseudo fields have become start line and Host. Empty for raw TCP.
/// </param>
/// <param name="Body">The body without its chunks, still encoded (Content-Encoding); of raw TCP the bytes. Cut to the limit of whoever made it.</param>
/// <param name="BodyLength">How long the body was, cut or not.</param>
public readonly record struct CapturedMessage(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body, long BodyLength)
{
    /// <summary>A copy that lasts.</summary>
    public CapturedMessage Keep() => new(Head.ToArray(), Body.ToArray(), BodyLength);
}

/// <summary>What was spoken.</summary>
public enum TrafficProtocol
{
    /// <summary>HTTP/1.0 or 1.1.</summary>
    Http1,

    /// <summary>HTTP/2.</summary>
    Http2,

    /// <summary>Bytes, in turns.</summary>
    Tcp,
}

/// <summary>What is to be known about an exchange before it is used.</summary>
[Flags]
public enum ExchangeMarks
{
    /// <summary>Nothing: it is whole.</summary>
    None = 0,

    /// <summary>A part of the request is missing.</summary>
    RequestIncomplete = 1,

    /// <summary>A part of the response is missing.</summary>
    ResponseIncomplete = 2,

    /// <summary>The request's body was cut to a limit.</summary>
    RequestCut = 4,

    /// <summary>The response's body was cut to a limit.</summary>
    ResponseCut = 8,

    /// <summary>The request's framing can be read in two ways (Content-Length beside Transfer-Encoding, several lengths, ...): never to be replayed.</summary>
    Smuggling = 16,

    /// <summary>The connection changed to another protocol with this exchange (101, CONNECT).</summary>
    Upgrade = 32,

    /// <summary>The connection's beginning was not captured: requests before this one may be missing.</summary>
    JoinedLate = 64,

    /// <summary>The last of its connection, which was seen to end.</summary>
    Last = 128,

    /// <summary>It came over TLS, and was decrypted.</summary>
    Decrypted = 256,

    /// <summary>Something in it was masked.</summary>
    Masked = 512,
}

/// <summary>Takes exchanges as they become complete; those of one connection in order.</summary>
public interface IExchangeSink
{
    /// <summary>Takes an exchange; valid during the call only.</summary>
    void Take(CapturedExchange exchange);

    /// <summary>A connection is over: no exchange of it will follow.</summary>
    void EndConnection(long connection, long at);
}
