using System.Net;
using System.Net.Sockets;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A link that can be cut and mended: passes TCP connections on to a port of this machine.</summary>
internal sealed class TcpRelay(int to) : IAsyncDisposable
{
    private readonly List<TcpClient> _open = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Its own port, the same after each mending: one that the kernel gives to nobody meanwhile.</summary>
    public int Port { get; } = ServerProcess.FreePort();

    public void Mend()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async Task CutAsync()
    {
        _listener?.Dispose();
        await _accepting;
        lock (_open)
        {
            _open.ForEach(c => c.Dispose());
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var from = await listener.AcceptTcpClientAsync();
                var on = new TcpClient();
                lock (_open)
                    _open.AddRange([from, on]);
                _ = PassAsync(from, on);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // The link is cut.
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient on)
    {
        try
        {
            await on.ConnectAsync(IPAddress.Loopback, to);
            await Task.WhenAny(from.GetStream().CopyToAsync(on.GetStream()), on.GetStream().CopyToAsync(from.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One of both is gone; the other goes with it.
        }
        from.Dispose();
        on.Dispose();
    }
}
