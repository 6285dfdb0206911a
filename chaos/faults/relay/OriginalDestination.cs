using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults;

/// <summary>What the kernel knows of a connection that its packet filter led elsewhere.</summary>
internal static class OriginalDestination
{
    private const int IpLevel = 0, Ipv6Level = 41, Original = 80;

    /// <summary>Where it was meant to go; null if it was not led here.</summary>
    public static IPEndPoint? Of(Socket socket)
    {
        var isV6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        // sockaddr_in: family, port (big-endian), address; sockaddr_in6: family, port, flow, address, scope.
        Span<byte> address = stackalloc byte[28];
        try
        {
            socket.GetRawSocketOption(isV6 ? Ipv6Level : IpLevel, Original, address);
        }
        catch (SocketException)
        {
            return null;
        }
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        var found = isV6 ? new IPEndPoint(new IPAddress(address.Slice(8, 16)), port) : new IPEndPoint(new IPAddress(address.Slice(4, 4)), port);
        return found.Equals(socket.LocalEndPoint) ? null : found;
    }
}
