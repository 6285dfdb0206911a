using System.Net.Sockets;

namespace Pressure.Cluster;

/// <summary>
/// Lets other processes of the same user steer a run: a unix domain socket (mode 0600) in the run folder, a JSON object a line each way.
/// There until the run is over.
/// </summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private const int MostPeers = 8;
    private const int MostWaiting = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _listener;
    private readonly string _path;
    private readonly IControlled _run;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _room = new(MostPeers);
    private readonly Task _accepting;

    private ControlSocket(Socket listener, string path, IControlled run, TimeProvider time)
    {
        (_listener, _path, _run, _time) = (listener, path, run, time);
        _accepting = AcceptAsync();
    }

    /// <summary>Opens the socket of a run folder; null where the folder's file system allows none: the run goes on without.</summary>
    public static ControlSocket? Open(string folder, IControlled run, TimeProvider time)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = SocketPlace.Of(folder);
        try
        {
            var unready = SocketPlace.Unready(path);
            // A run folder is new; only a process that died in this one, before its first byte, can have left one behind.
            File.Delete(unready);
            using var place = new SocketPlace(unready);
            listener.Bind(place.Address);
            // Nobody can connect before it listens, so nobody does with other rights than these.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(unready, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(MostWaiting);
            // With its name it is there, and whoever sees it can connect.
            File.Move(unready, path, overwrite: true);
            return new ControlSocket(listener, path, run, time);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        for (var i = 0; i < MostPeers; i++)
            await _room.WaitAsync();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder was taken away or locked under the run; a socket that nobody listens on does no harm.
        }
        _room.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(_closing.Token);
                Socket peer;
                try
                {
                    peer = await _listener.AcceptAsync(_closing.Token);
                }
                catch
                {
                    _room.Release();
                    throw;
                }
                _ = ServeAsync(peer);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over, or the process has no descriptors left: it goes on without new peers.
        }
    }

    private async Task ServeAsync(Socket peer)
    {
        try
        {
            using (peer)
            {
                var lines = new LineReader(peer, _time);
                while (await lines.NextAsync(Patience, _closing.Token) is { } line)
                    await SendAsync(peer, ControlJson.Write(ControlDesk.Answer(ControlJson.Read<ControlRequest>(line.Span), _run)));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The peer is gone or takes no answer.
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task SendAsync(Socket peer, ReadOnlyMemory<byte> line)
    {
        using var slow = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, _closing.Token);
        while (!line.IsEmpty)
            line = line[await peer.SendAsync(line, either.Token)..];
    }
}
