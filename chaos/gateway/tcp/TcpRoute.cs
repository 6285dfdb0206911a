using System.Net;
using System.Net.Sockets;
using Pressure.Faults;

namespace Pressure.Gateway;

/// <summary>A route of bytes: each connection is carried to the service, as its rules let it.</summary>
internal sealed class TcpRoute : IRoute
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly GatewayOptions _options;
    private readonly RuleBook _book;
    private readonly Socket _listener;
    private readonly Random _seeds;
    private readonly HashSet<StruckConnection> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private TcpRoute(GatewayOptions options, RuleBook book, Socket listener)
    {
        (_options, _book, _listener, _seeds) = (options, book, listener, new Random(options.Seed));
        book.Changed += Look;
        _accepting = AcceptAsync();
    }

    /// <inheritdoc/>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Listens.</summary>
    /// <exception cref="SocketException">It can't.</exception>
    public static TcpRoute Start(GatewayOptions options, RuleBook book)
    {
        var listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(options.Listen);
            listener.Listen(4096);
            return new(options, book, listener);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _book.Changed -= Look;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = CarryAsync(await _listener.AcceptAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || _stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // That one gave up; or there are too many, and some end.
                await Task.Delay(Pause, _options.Time);
            }
        }
    }

    private async Task CarryAsync(Socket client)
    {
        if (await ConnectAsync() is not { } server)
        {
            FlowPump.Reset(client);
            return;
        }
        using var connection = new StruckConnection(client, server, _options.Time, _seeds.Next());
        lock (_open)
            _open.Add(connection);
        connection.Look(_book);
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

    private async Task<Socket?> ConnectAsync()
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(_options.To.IdnHost.Trim('[', ']'), _options.To.Port, _stop.Token);
            return server;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            server.Dispose();
            return null;
        }
    }

    private void Look()
    {
        StruckConnection[] open;
        lock (_open)
            open = [.. _open];
        foreach (var connection in open)
            connection.Look(_book);
    }
}
