using System.Net;
using System.Net.Sockets;

namespace Pressure.TestKit;

/// <summary>A port on loopback that is a test's own while servers on it come and go: nothing listens, and nobody else is given it.</summary>
public sealed class HeldPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Takes a free one.</summary>
    public HeldPort()
    {
        // As what will listen here does: the system lets them share the port then.
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    /// <summary>Its number.</summary>
    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
