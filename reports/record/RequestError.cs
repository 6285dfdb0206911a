using System.Text.Json;

namespace Pressure.Record;

/// <summary>
/// Why a request has no usable response: one value per stage that can fail. A response with a bad status
/// is not an error here but <see cref="CheckFailed"/>, and its status code is counted as well.
/// </summary>
public enum RequestError
{
    /// <summary>The request succeeded.</summary>
    None = 0,

    /// <summary>The target's name did not resolve.</summary>
    DnsFailed = 1,

    /// <summary>The target refused the connection (RST on connect): nothing listens there.</summary>
    ConnectRefused = 2,

    /// <summary>No connection within the connect timeout.</summary>
    ConnectTimeout = 3,

    /// <summary>Connecting failed for another reason: network or host unreachable, no descriptor left.</summary>
    ConnectFailed = 4,

    /// <summary>The TLS handshake failed: certificate not trusted or expired, protocol mismatch, alert from the peer.</summary>
    TlsFailed = 5,

    /// <summary>The connection broke while the request was being written.</summary>
    SendFailed = 6,

    /// <summary>No complete response within the request timeout.</summary>
    ResponseTimeout = 7,

    /// <summary>The peer closed or reset the connection before the first byte of a response.</summary>
    ClosedBeforeResponse = 8,

    /// <summary>The peer closed or reset the connection in the middle of a response.</summary>
    ResponseTruncated = 9,

    /// <summary>What the peer sent is not HTTP.</summary>
    MalformedResponse = 10,

    /// <summary>The response's headers exceed the limit (64 KiB or 200 fields).</summary>
    HeadersTooLarge = 11,

    /// <summary>The response arrived, but one of the request's checks did not hold (without an explicit status check: status 400 or above).</summary>
    CheckFailed = 12,

    /// <summary>The run was stopped while the request was under way.</summary>
    Stopped = 13,

    /// <summary>The response arrived and its checks held, but a value that later steps use was missing in it.</summary>
    ExtractionFailed = 14,

    /// <summary>No local port was left towards the target: too many connections opened in too short a time from too few addresses.</summary>
    PortsExhausted = 15,

    /// <summary>The response redirects once more than the plan follows: often a circle.</summary>
    TooManyRedirects = 16,

    /// <summary>The response redirects to a host that may not be pressed, or to something other than http and https. Nothing was sent there.</summary>
    RedirectRefused = 17,

    /// <summary>The response redirects to something that is no URL.</summary>
    RedirectInvalid = 18,

    /// <summary>The response's body could not be decoded: corrupt, cut short, or in an unknown encoding.</summary>
    DecodingFailed = 19,

    /// <summary>The response's body grew beyond the limit when it was decoded.</summary>
    BodyTooLarge = 20,

    /// <summary>The peer answered a WebSocket handshake with something other than 101; its status is counted as well.</summary>
    HandshakeRefused = 21,

    /// <summary>Messages came in time, but none was the expected one.</summary>
    ExpectationFailed = 22,

    /// <summary>The peer sent a message of more than 1 MiB, or on a raw connection that much without what was expected.</summary>
    MessageTooLarge = 23,

    /// <summary>No connection to the proxy: its name did not resolve, or it refused, or was silent.</summary>
    ProxyUnreachable = 24,

    /// <summary>The proxy asked for a user name and password, or for others (407).</summary>
    ProxyAuthRequired = 25,

    /// <summary>The proxy would not open a tunnel to the target (CONNECT answered with anything but 2xx or 407).</summary>
    ProxyRefused = 26,

    /// <summary>Over raw TCP that is replayed: fewer bytes came than the captured answer had, then none for a while. The connection stays open.</summary>
    ShortAnswer = 27,
}

/// <summary>How errors are named outside of the program.</summary>
public static class RequestErrorNames
{
    /// <summary>The name as logs, reports and <c>summary.json</c> have it: <c>connectRefused</c>.</summary>
    public static string CamelName(this RequestError error) => JsonNamingPolicy.CamelCase.ConvertName(error.ToString());
}
