using System.Net;
using System.Net.Sockets;

namespace Pressure.LoadGen.Engine;

/// <summary>The addresses that a run's connections come from, taken in turn over all lanes.</summary>
internal sealed class LocalEndpoints(IReadOnlyList<IPAddress> addresses)
{
    private const int IpLevel = 0;
    private const int BindAddressNoPort = 24;

    private readonly IPEndPoint[] _four = Of(addresses, AddressFamily.InterNetwork);
    private readonly IPEndPoint[] _six = Of(addresses, AddressFamily.InterNetworkV6);
    private int _turn = -1;

    /// <summary>Whether a connection of this family has an address to come from.</summary>
    public bool Serve(AddressFamily family) => addresses.Count == 0 || For(family).Length > 0;

    /// <summary>Binds a socket to the next address of its family; does nothing when the plan leaves the choice to the system.</summary>
    /// <exception cref="SocketException">The address is gone, or there is none of the family.</exception>
    public void Bind(Socket socket)
    {
        if (addresses.Count == 0)
            return;
        var choice = For(socket.AddressFamily);
        if (choice.Length == 0)
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        // The port is then chosen on connecting, when the target is known: one port serves connections to many targets.
        socket.SetRawSocketOption(IpLevel, BindAddressNoPort, BitConverter.GetBytes(1));
        socket.Bind(choice[(int)((uint)Interlocked.Increment(ref _turn) % (uint)choice.Length)]);
    }

    private IPEndPoint[] For(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? _six : _four;

    private static IPEndPoint[] Of(IReadOnlyList<IPAddress> addresses, AddressFamily family) =>
        [.. addresses.Where(a => a.AddressFamily == family).Select(a => new IPEndPoint(a, 0))];
}
