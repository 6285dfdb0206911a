using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>What an exception of SocketsHttpHandler means in the record's terms.</summary>
internal static class HandlerErrors
{
    // RFC 9113, 7: PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR.
    private static readonly long[] Violations = [1, 3, 6, 9];

    /// <summary>The error; <paramref name="heard"/>: the response's head had come.</summary>
    public static RequestError Of(Exception exception, bool heard) => exception switch
    {
        // Its connect timeout comes as a cancellation that nobody asked for.
        OperationCanceledException { InnerException: TimeoutException } when !heard => RequestError.ConnectTimeout,
        OperationCanceledException => RequestError.ResponseTimeout,
        LeaseOverException => RequestError.Stopped,
        HttpRequestException e => Of(e, heard),
        HttpProtocolException e => OfProtocol(e, heard),
        HttpIOException e => Of(e.HttpRequestError, e, heard),
        _ => Closed(heard),
    };

    private static RequestError Of(HttpRequestException exception, bool heard) => exception.InnerException switch
    {
        ProxyFailedException proxy => proxy.Error,
        LeaseOverException => RequestError.Stopped,
        HttpIOException inner => Of(inner, heard),
        _ => Of(exception.HttpRequestError, exception, heard),
    };

    // A stream reset or a connection going away is the peer's close, unless one side accuses the other of breaking the protocol.
    private static RequestError OfProtocol(HttpProtocolException exception, bool heard) =>
        !heard && Violations.Contains(exception.ErrorCode) ? RequestError.MalformedResponse : Closed(heard);

    private static RequestError Of(HttpRequestError error, Exception exception, bool heard) => error switch
    {
        HttpRequestError.NameResolutionError => RequestError.DnsFailed,
        HttpRequestError.ConnectionError => OfConnect(exception),
        HttpRequestError.SecureConnectionError or HttpRequestError.VersionNegotiationError => RequestError.TlsFailed,
        HttpRequestError.InvalidResponse => RequestError.MalformedResponse,
        HttpRequestError.ConfigurationLimitExceeded => RequestError.HeadersTooLarge,
        _ => Closed(heard),
    };

    private static RequestError OfConnect(Exception exception) =>
        exception.InnerException is SocketException e ? OfConnect(e.SocketErrorCode) : RequestError.ConnectFailed;

    /// <summary>The error of a connection that could not be made.</summary>
    public static RequestError OfConnect(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => RequestError.ConnectRefused,
        SocketError.TimedOut => RequestError.ConnectTimeout,
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => RequestError.PortsExhausted,
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => RequestError.DnsFailed,
        _ => RequestError.ConnectFailed,
    };

    private static RequestError Closed(bool heard) => heard ? RequestError.ResponseTruncated : RequestError.ClosedBeforeResponse;
}
