using System.Net.Sockets;

namespace Pressure.Agent;

/// <summary>Tells the service manager how the agent stands, by systemd's datagrams to <c>$NOTIFY_SOCKET</c> (see sd_notify(3)). Without one it does nothing.</summary>
/// <param name="address">The value of <c>NOTIFY_SOCKET</c>; null or empty if there is none.</param>
public sealed class ServiceManager(string? address)
{
    /// <summary>The agent serves.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>Another process goes on in this one's place; that this one ends is no end of the service.</summary>
    public void SucceededBy(int pid) => Send($"MAINPID={pid}");

    /// <summary>The agent ends because it was asked to.</summary>
    public void Stopping() => Send("STOPPING=1");

    private void Send(string state)
    {
        if (string.IsNullOrEmpty(address))
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // An address that begins with @ is in the abstract namespace, where the first byte is 0.
            socket.SendTo(System.Text.Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        }
        catch (SocketException)
        {
            // Nobody listens: the service manager will find out by itself how we fare.
        }
    }
}
