using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>
/// A server that answers each path after a delay drawn for it, and keeps how long it really took: from the moment at which it had read
/// the request to the moment at which it began to write. On a thread of its own with timers of nanoseconds, so that what lies between
/// its truth and a client's figure is the way there and back.
/// </summary>
internal sealed class DelayServer : IDisposable
{
    private readonly IReadOnlyDictionary<string, Func<TimeSpan>> _delays;
    private readonly Dictionary<string, List<TimeSpan>> _truth;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];
    private readonly PriorityQueue<(Socket Socket, string Path, long Read), long> _due = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="delays">Path and what to draw its delays with.</param>
    public DelayServer(IReadOnlyDictionary<string, Func<TimeSpan>> delays)
    {
        (_delays, _truth) = (delays, delays.ToDictionary(d => d.Key, _ => new List<TimeSpan>()));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        _listener.Blocking = false;
        Url = new($"http://{_listener.LocalEndPoint}/");
        _thread = new Thread(Serve) { IsBackground = true, Name = "delay server" };
        _thread.Start();
    }

    public Uri Url { get; }

    /// <summary>Ends it, and gives each path's delays as they really were, in rising order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TimeSpan>> End()
    {
        Dispose();
        return _truth.ToDictionary(t => t.Key, t => (IReadOnlyList<TimeSpan>)[.. t.Value.Order()]);
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _sockets.ForEach(s => s.Dispose());
        _listener.Dispose();
    }

    private void Serve()
    {
        Libc.WakeExactly();
        using var epoll = new Epoll();
        epoll.Add((int)_listener.SafeHandle.DangerousGetHandle(), ulong.MaxValue);
        while (!_stopping)
        {
            var count = epoll.Wait(_due.TryPeek(out _, out var due) ? Until(due) : TimeSpan.FromMilliseconds(20));
            for (var i = 0; i < count; i++)
            {
                if (epoll[i].Tag == ulong.MaxValue)
                    Accept(epoll);
                else
                    Read(_sockets[(int)epoll[i].Tag]);
            }
            while (_due.TryPeek(out _, out due) && due <= Stopwatch.GetTimestamp())
                Answer(_due.Dequeue());
        }
    }

    private static TimeSpan Until(long due) => due - Stopwatch.GetTimestamp() is var left and > 0 ? Stopwatch.GetElapsedTime(0, left) : TimeSpan.Zero;

    private void Accept(Epoll epoll)
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                (socket.Blocking, socket.NoDelay) = (false, true);
                _sockets.Add(socket);
                epoll.Add((int)socket.SafeHandle.DangerousGetHandle(), (ulong)(_sockets.Count - 1));
            }
        }
        catch (SocketException)
        {
            // All of them are in.
        }
    }

    // A request comes in one piece here; its path stands between the first two blanks.
    private void Read(Socket socket)
    {
        var length = socket.Receive(_buffer, SocketFlags.None, out _);
        var read = Stopwatch.GetTimestamp();
        if (length == 0)
            return;
        var path = Encoding.ASCII.GetString(_buffer, 0, length).Split(' ')[1];
        _due.Enqueue((socket, path, read), read + (long)(_delays[path]().TotalSeconds * Stopwatch.Frequency));
    }

    private void Answer((Socket Socket, string Path, long Read) request)
    {
        _truth[request.Path].Add(Stopwatch.GetElapsedTime(request.Read));
        request.Socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8, SocketFlags.None, out _);
    }
}
