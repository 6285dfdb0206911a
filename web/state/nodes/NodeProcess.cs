using System.Net.Sockets;

namespace Pressure.Web.State;

/// <summary>Tells a node whose process is gone from one that is only cut off: where its machine refuses a connection, nobody listens any more.</summary>
internal static class NodeProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Whether the process of a node is gone for certain. One behind a proxy, on a machine that is off, or without a way there is not known to be.</summary>
    public static async Task<bool> HasEndedAsync(string? address, TimeProvider time, CancellationToken stop)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url))
            return false;
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, either.Token);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
