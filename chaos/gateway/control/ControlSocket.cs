using System.Net.Sockets;
using System.Text;
using Pressure.Faults;

namespace Pressure.Gateway;

/// <summary>The socket by which a gateway is told of faults. Only its owner can open it.</summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly Socket _listener;
    private readonly ControlDesk _desk;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private ControlSocket(string path, Socket listener, ControlDesk desk)
    {
        (_path, _listener, _desk) = (path, listener, desk);
        _accepting = AcceptAsync();
    }

    /// <summary>Listens; what a dead gateway left there is replaced.</summary>
    /// <exception cref="IOException">Another one answers there.</exception>
    public static ControlSocket Listen(string path, ControlDesk desk)
    {
        if (File.Exists(path))
        {
            if (Answers(path))
                throw new IOException($"another gateway answers on {path}. Choose another one with --control.");
            File.Delete(path);
        }
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Before it listens: until then nobody gets in.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new(path, listener, desk);
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
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        File.Delete(_path);
        _stop.Dispose();
    }

    private static bool Answers(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It ends.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(Patience);
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await GatewayControl.LineAsync(stream, limit.Token) is { } line)
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_desk.Answer(line).ToJsonString() + "\n"), limit.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Whoever asked has gone, or says nothing.
        }
    }
}
