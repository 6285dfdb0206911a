using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Pressure.Web.Access;

/// <summary>
/// Where the HTTP server of the agents' port gets its connections from: it sees only those that are no agent's, already decrypted, so that an agent's
/// connection has nothing of it.
/// <code>
/// socket ─▶ place for the handshake ─▶ TLS ─▶ GET /agent? ─▶ WebSocket, agent's frames
///                                                 └────────▶ HTTP server: enrolment, downloads
/// </code>
/// </summary>
internal sealed class AgentTransport(AgentConnections connections, AccessLimits limits) : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _requests = Channel.CreateBounded<ConnectionContext>(limits.Requests);
    private readonly CancellationTokenSource _unbound = new();
    private readonly SemaphoreSlim _sockets = new(limits.Connections + limits.Requests + limits.Waiting);
    private Socket? _socket;

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
            _socket.DualMode = true;
        _socket.Bind(endpoint);
        _socket.Listen(4096);
        EndPoint = _socket.LocalEndPoint!;
        // On the thread pool, whatever context the service is started in.
        _ = Task.Run(() => AcceptAllAsync(_socket), CancellationToken.None);
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _requests.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_requests.Reader.TryRead(out var connection))
                return connection;
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.Cancel();
        _socket?.Dispose();
        _requests.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _unbound.Dispose();
        _sockets.Dispose();
    }

    private async Task AcceptAllAsync(Socket listener)
    {
        while (!_unbound.IsCancellationRequested)
        {
            try
            {
                // When there are too many, the rest wait in the kernel's queue.
                await _sockets.WaitAsync(_unbound.Token);
                var socket = await listener.AcceptAsync(_unbound.Token);
                _ = Task.Run(() => ServeAsync(socket), CancellationToken.None);
            }
            catch (SocketException)
            {
                // It went away before it came in, or the process is out of descriptors: agents come back.
                _sockets.Release();
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            await connections.ServeAsync(socket, request => _requests.Writer.TryWrite(request), _unbound.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It went away, or took too long.
        }
        finally
        {
            socket.Dispose();
            Release();
        }
    }

    private void Release()
    {
        try
        {
            _sockets.Release();
        }
        catch (ObjectDisposedException)
        {
            // The service has ended.
        }
    }
}
