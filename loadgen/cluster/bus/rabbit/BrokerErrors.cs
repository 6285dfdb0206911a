using System.Net.Sockets;
using System.Threading.Channels;
using RabbitMQ.Client.Exceptions;

namespace Pressure.Cluster;

/// <summary>Tells the library's exceptions apart.</summary>
internal static class BrokerErrors
{
    private const int AccessRefused = 403;
    private const int NotFound = 404;
    private const int Locked = 405;
    private const int Inequivalent = 406;

    /// <summary>Whether the connection or the channel is gone, so that the same may be done again on the next.</summary>
    /// <remarks>When the broker lets the library wait for an answer too long it cancels, without having been asked to.</remarks>
    public static bool IsLoss(Exception e, CancellationToken stop) =>
        e is RabbitMQClientException or IOException or SocketException or ObjectDisposedException or TimeoutException or ChannelClosedException || (e is OperationCanceledException && !stop.IsCancellationRequested);

    /// <summary>Whether a queue does not exist.</summary>
    public static bool IsMissing(Exception e) => Reply(e) == NotFound;

    /// <summary>Whether somebody else has a queue to himself.</summary>
    public static bool IsTaken(Exception e) => Reply(e) == Locked;

    /// <summary>Whether somebody else reads a queue and wants nobody beside.</summary>
    public static bool IsRead(Exception e) => Reply(e) == AccessRefused && e.Message.Contains("exclusive", StringComparison.Ordinal);

    /// <summary>Whether the user lacks a permission.</summary>
    public static bool IsForbidden(Exception e) => Reply(e) == AccessRefused;

    /// <summary>Whether a queue or exchange could not be made as wanted: it is there in another shape, or this user may make none.</summary>
    public static bool IsOtherwise(Exception e) => Reply(e) is Inequivalent or AccessRefused;

    private static int Reply(Exception e) => (e as OperationInterruptedException)?.ShutdownReason?.ReplyCode ?? 0;
}
