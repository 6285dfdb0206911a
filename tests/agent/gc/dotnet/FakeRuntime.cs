using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Pressure.Agent.Tests;

/// <summary>Answers at a diagnostics socket as a test wants it, under a proc file system of its own.</summary>
internal sealed class FakeRuntime : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Task> _answering = [];
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="answer">Given the number of a command and the connection, after the request was read; the connection is closed when it returns.</param>
    public FakeRuntime(Func<byte, Socket, Task> answer)
    {
        var temporary = Path.Combine(Proc, $"{Environment.ProcessId}/root/tmp");
        Directory.CreateDirectory(temporary);
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(temporary, $"dotnet-diagnostic-7-{Start}-socket")));
        _listener.Listen();
        _accepting = AcceptAsync(answer);
    }

    public const long Start = 4711;

    public string Proc => _folder.Path;

    /// <summary>Commands in the order in which they came.</summary>
    public ConcurrentQueue<byte> Asked { get; } = [];

    /// <summary>This very process, as one whose own id is 7.</summary>
    public WatchedProcess Watched { get; } = new(Environment.ProcessId, Start, "orders", 7, ["dotnet", "orders.dll"], "shop-orders", "orders", GcRuntime.Dotnet);

    public static byte[] Answer(byte code, ReadOnlySpan<byte> body)
    {
        var message = new byte[20 + body.Length];
        "DOTNET_IPC_V1"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = 0xff;
        message[17] = code;
        body.CopyTo(message.AsSpan(20));
        return message;
    }

    public static byte[] Accepted => Answer(0, [9, 0, 0, 0, 0, 0, 0, 0]);

    public static byte[] Refused(uint error)
    {
        var body = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(body, error);
        return Answer(0xff, body);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_answering);
        _folder.Dispose();
    }

    private async Task AcceptAsync(Func<byte, Socket, Task> answer)
    {
        try
        {
            while (true)
                _answering.Add(AnswerAsync(await _listener.AcceptAsync(), answer));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private async Task AnswerAsync(Socket connection, Func<byte, Socket, Task> answer)
    {
        using (connection)
        {
            try
            {
                var header = new byte[20];
                await using var stream = new NetworkStream(connection);
                await stream.ReadExactlyAsync(header);
                await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(14)) - 20]);
                Asked.Enqueue(header[17]);
                await answer(header[17], connection);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The other side has gone.
            }
        }
    }
}
