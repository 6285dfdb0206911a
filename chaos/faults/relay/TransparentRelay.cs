using System.Net;
using System.Net.Sockets;

namespace Pressure.Faults;

/// <summary>
/// Takes connections that the packet filter leads to it and carries them to where they were meant to go, with a delay. Its own connections bear a mark
/// that the filter spares.
/// </summary>
/// <param name="outwards">What is done to bytes that leave the network.</param>
/// <param name="inwards">What is done to bytes that come into it.</param>
/// <param name="mark">The mark; 0 for none.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Dice.</param>
internal sealed class TransparentRelay(FlowState outwards, FlowState inwards, uint mark, TimeProvider time, Random random) : IDisposable
{
    /// <summary>What its sockets bear (PRS and a number): the packet filter's rules leave them alone.</summary>
    public const uint Mark = 0x50525301;

    private const int SocketLevel = 1, MarkOption = 36;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1), Glance = TimeSpan.FromMilliseconds(20);

    private readonly List<Socket> _listeners = [];
    private readonly HashSet<RelayedConnection> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private int _taken;

    /// <summary>Tells where a connection was meant to go; null if it was not led here.</summary>
    public Func<Socket, IPEndPoint?> Meant { get; init; } = OriginalDestination.Of;

    /// <summary>Listens for IPv4, and for IPv6 where that is; the ports, 0 where it is not.</summary>
    public (int V4, int V6) Listen() => (Listen(IPAddress.Any), Listen(IPAddress.IPv6Any));

    /// <summary>
    /// Takes no more, lets what waits go, waits for connections that are being made, and closes all once they are quiet, after a second at the latest.
    /// </summary>
    public async Task EndAsync()
    {
        outwards.Set(default);
        inwards.Set(default);
        foreach (var listener in _listeners)
            listener.Dispose();
        var began = time.GetTimestamp();
        var seen = Open().ToHashSet();
        do
        {
            await Task.Delay(Glance, time);
            // One that was made since the last look may have its first bytes in its socket still.
            foreach (var connection in Open().Where(c => !seen.Add(c) && !c.IsBusy))
                connection.Close();
        }
        while (Volatile.Read(ref _taken) > 0 && time.GetElapsedTime(began) < Quiet);
        await _stop.CancelAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _stop.Dispose();
    }

    private int Listen(IPAddress address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, 0));
        }
        catch (SocketException)
        {
            // No IPv6 here.
            listener.Dispose();
            return 0;
        }
        listener.Listen(4096);
        _listeners.Add(listener);
        _ = AcceptAsync(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                _ = CarryAsync(await listener.AcceptAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                // That one gave up; or there are too many, and some end.
                await Task.Delay(Glance, time);
            }
        }
    }

    private async Task CarryAsync(Socket client)
    {
        Interlocked.Increment(ref _taken);
        try
        {
            await ConnectAndCarryAsync(client);
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
        }
    }

    private async Task ConnectAndCarryAsync(Socket client)
    {
        if (Meant(client) is not { } meant || await ConnectAsync(meant) is not { } server)
        {
            FlowPump.Reset(client);
            return;
        }
        // A connection from outside comes to a program here: what it asks comes in, what it is answered goes out.
        var comesIn = ComesIn(client, server);
        using var connection = new RelayedConnection(client, server, comesIn ? inwards : outwards, comesIn ? outwards : inwards, time, Seed());
        lock (_open)
            _open.Add(connection);
        try
        {
            await connection.RunAsync(_stop.Token);
        }
        finally
        {
            lock (_open)
                _open.Remove(connection);
        }
    }

    /// <summary>To itself a host speaks with one address at both ends; who meant a program here from outside has another one.</summary>
    private static bool ComesIn(Socket client, Socket server) =>
        server is { LocalEndPoint: IPEndPoint here, RemoteEndPoint: IPEndPoint there } && here.Address.Equals(there.Address) && client.RemoteEndPoint is IPEndPoint from && !from.Address.Equals(there.Address);

    private async Task<Socket?> ConnectAsync(IPEndPoint meant)
    {
        var server = new Socket(meant.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (mark != 0)
                server.SetRawSocketOption(SocketLevel, MarkOption, BitConverter.GetBytes(mark));
            await server.ConnectAsync(meant, _stop.Token);
            return server;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            server.Dispose();
            return null;
        }
    }

    private List<RelayedConnection> Open()
    {
        lock (_open)
            return [.. _open];
    }

    private int Seed()
    {
        lock (random)
            return random.Next();
    }
}
