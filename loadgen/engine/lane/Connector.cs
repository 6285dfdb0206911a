using System.ComponentModel;
using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>How connecting stands.</summary>
internal enum ConnectResult
{
    /// <summary>Under way.</summary>
    Pending,

    /// <summary>Connected, and secured where the origin asks for it.</summary>
    Connected,

    /// <summary>Failed at every address.</summary>
    Failed,
}

/// <summary>
/// Opens non-blocking connections: resolve, connect, on failure the next address, then TLS if the origin speaks it.
/// </summary>
internal sealed class Connector(Epoll epoll, OriginPools pools, LocalEndpoints locals, RunClock clock)
{
    private const int ConnectionRefused = 111;
    private const int TimedOut = 110;
    private const int NoSuchFamily = 97;
    private const int NoAddressLeft = 99;
    private const int AddressInUse = 98;

    /// <summary>Begins to connect, or goes on once the name is resolved.</summary>
    public ConnectResult Begin(Connection connection, out RequestError error)
    {
        error = RequestError.None;
        connection.Phase = connection.Pool.IsResolving ? ConnectionPhase.Resolving : ConnectionPhase.Connecting;
        if (connection.Phase == ConnectionPhase.Resolving)
        {
            connection.Iteration!.Phases.Enter(RequestPhase.Resolving, connection.OpenedAt);
            return ConnectResult.Pending;
        }

        if (connection.Pool.AddressCount == 0)
        {
            error = RequestError.DnsFailed;
            return ConnectResult.Failed;
        }

        connection.Address = (0, connection.Pool.NextAddress());
        return Try(connection, out error);
    }

    /// <summary>The socket has become writable or failed: the outcome.</summary>
    public ConnectResult Complete(Connection connection, out RequestError error)
    {
        var errno = Libc.PendingError(connection.Descriptor);
        if (errno != 0)
            return Fail(connection, errno, out error);
        connection.Pool.Mark(connection.Address.Current, down: false);
        error = RequestError.None;
        if (!connection.Pool.Origin.IsSecure)
        {
            connection.Iteration!.Phases.Leave(clock.Now);
            return ConnectResult.Connected;
        }

        connection.Iteration!.Phases.Enter(RequestPhase.Handshaking, clock.Now);
        connection.Tls = pools.Tls.Open(connection.Descriptor, connection.Pool.Origin.Host, connection.Pool.Ticket);
        connection.Phase = ConnectionPhase.Securing;
        return Secure(connection, out error);
    }

    /// <summary>Goes on with the TLS handshake.</summary>
    public ConnectResult Secure(Connection connection, out RequestError error)
    {
        error = RequestError.None;
        switch (connection.Tls!.Handshake())
        {
            case SocketError.Success:
                connection.Iteration!.Phases.Leave(clock.Now);
                return ConnectResult.Connected;
            case SocketError.WouldBlock:
                return ConnectResult.Pending;
            default:
                error = RequestError.TlsFailed;
                return ConnectResult.Failed;
        }
    }

    private ConnectResult Try(Connection connection, out RequestError error)
    {
        error = RequestError.None;
        connection.Phase = ConnectionPhase.Connecting;
        connection.Iteration!.Phases.Enter(RequestPhase.Connecting, clock.Now);
        try
        {
            var address = connection.Pool.Address(connection.Address.Current);
            var socket = new Socket(address.Family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
            connection.Socket = socket;
            if (!locals.Serve(address.Family))
                return Fail(connection, NoSuchFamily, out error);
            locals.Bind(socket);
            var errno = Libc.BeginConnect(connection.Descriptor, address.Buffer.Span[..address.Size]);
            if (errno is not (0 or Libc.InProgress))
                return Fail(connection, errno, out error);
            epoll.Add(connection.Descriptor, connection.Tag);
            return ConnectResult.Pending;
        }
        catch (Exception e) when (e is SocketException or Win32Exception)
        {
            // No descriptor left, or no such address family: another address would fare no better.
            error = RequestError.ConnectFailed;
            return ConnectResult.Failed;
        }
    }

    private ConnectResult Fail(Connection connection, int errno, out RequestError error)
    {
        connection.Pool.Mark(connection.Address.Current, down: true);
        connection.CloseSocket();
        var (tried, current) = connection.Address;
        if (tried + 1 < connection.Pool.AddressCount)
        {
            connection.Address = (tried + 1, (current + 1) % connection.Pool.AddressCount);
            return Try(connection, out error);
        }

        error = ErrorOf(errno);
        return ConnectResult.Failed;
    }

    /// <summary>What the errno of a connect says.</summary>
    internal static RequestError ErrorOf(int errno) => errno switch
    {
        ConnectionRefused => RequestError.ConnectRefused,
        TimedOut => RequestError.ConnectTimeout,
        // What the kernel says when every local port is taken towards this target.
        NoAddressLeft or AddressInUse => RequestError.PortsExhausted,
        _ => RequestError.ConnectFailed,
    };
}
