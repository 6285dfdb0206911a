using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>What an exception of SocketsHttpHandler means in the record's terms.</summary>
internal static class HandlerErrors
{
    /// <summary>The error; <paramref name="heard"/>: the response's head had come.</summary>
    public static RequestError Of(Exception exception, bool heard) => exception switch
    {
        // Its connect timeout comes as a cancellation that nobody asked for.
        OperationCanceledException { InnerException: TimeoutException } when !heard => RequestError.ConnectTimeout,
        OperationCanceledException => RequestError.ResponseTimeout,
        HttpRequestException e => Of(e, heard),
        HttpIOException e => Of(e.HttpRequestError, e, heard),
        _ => Closed(heard),
    };

    private static RequestError Of(HttpRequestException exception, bool heard) =>
        exception.InnerException is HttpIOException inner
            ? Of(inner.HttpRequestError, inner, heard)
            : Of(exception.HttpRequestError, exception, heard);

    private static RequestError Of(HttpRequestError error, Exception exception, bool heard) => error switch
    {
        HttpRequestError.NameResolutionError => RequestError.DnsFailed,
        HttpRequestError.ConnectionError => OfConnect(exception),
        HttpRequestError.SecureConnectionError or HttpRequestError.VersionNegotiationError => RequestError.TlsFailed,
        HttpRequestError.InvalidResponse => RequestError.MalformedResponse,
        HttpRequestError.HttpProtocolError => heard ? RequestError.ResponseTruncated : RequestError.MalformedResponse,
        HttpRequestError.ConfigurationLimitExceeded => RequestError.HeadersTooLarge,
        _ => Closed(heard),
    };

    private static RequestError OfConnect(Exception exception) => (exception.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => RequestError.ConnectRefused,
        SocketError.TimedOut => RequestError.ConnectTimeout,
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => RequestError.DnsFailed,
        _ => RequestError.ConnectFailed,
    };

    private static RequestError Closed(bool heard) => heard ? RequestError.ResponseTruncated : RequestError.ClosedBeforeResponse;
}
