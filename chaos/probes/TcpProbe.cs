using System.Net.Sockets;

namespace Pressure.Chaos;

/// <summary>Connects and hangs up.</summary>
internal sealed class TcpProbe(string host, int port, TimeSpan timeout, TimeProvider time) : IProbe
{
    /// <summary>Makes one; what is wrong is noted.</summary>
    public static TcpProbe Create(ProbeArguments arguments, TimeProvider time)
    {
        var host = arguments.Text("host");
        if (host.Length > 0 && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            arguments.Problem($"'{host}' is neither a name nor an address.");
        return new TcpProbe(host, arguments.Number("port", 1, 65535), arguments.Duration("timeout"), time);
    }

    /// <inheritdoc/>
    public async Task<ProbeValue> AskAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, either.Token);
            return new ProbeValue(true);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ProbeValue(false);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData)
        {
            return new ProbeValue(null, $"Nobody knows the name {host}: {e.Message}");
        }
        catch (SocketException)
        {
            return new ProbeValue(false);
        }
    }
}
