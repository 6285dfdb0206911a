using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pressure.Agent;

/// <summary>
/// A session of a runtime's events (EventPipe), asked for over its diagnostics socket. A message is
/// <c>DOTNET_IPC_V1 0 | size (2) | command set | command | 0 0 | body</c>; the answer to a start is followed by the stream on the same socket.
/// </summary>
internal sealed class DiagnosticsSession : IDisposable
{
    private const byte EventPipe = 2, Stop = 1, StartWithStacks = 3, StartWithoutStacks = 4, StartFiltered = 6;
    private const int HeaderBytes = 20;
    private const uint UnknownCommand = 0x80131385;
    private const uint Megabytes = 4; // at the most, taken as they are needed: about 3,000 collections between two readings
    private const int Informational = 4;
    private const ulong Collections = 1;
    private const string Provider = "Microsoft-Windows-DotNETRuntime\0";

    private readonly Socket _socket;
    private readonly ulong _id;

    private DiagnosticsSession(Socket socket, ulong id) => (_socket, _id) = (socket, id);

    /// <summary>Asks the process for the events of its collections: those that are read and no other, and without stacks, as far as its runtime can leave them out.</summary>
    /// <exception cref="GcDeafException">It does not answer, or not as a runtime that we know.</exception>
    public static async Task<DiagnosticsSession> StartAsync(WatchedProcess process, string proc, CancellationToken cancellation) =>
        await TryStartAsync(process, proc, StartFiltered, cancellation)
        ?? await TryStartAsync(process, proc, StartWithoutStacks, cancellation)
        ?? await TryStartAsync(process, proc, StartWithStacks, cancellation)
        ?? throw new GcDeafException("its runtime is too old to be listened to; .NET Core 3.1 or later can be");

    /// <summary>Reads on; 0 at the end.</summary>
    public async Task<int> ReadAsync(Memory<byte> into)
    {
        try
        {
            return await _socket.ReceiveAsync(into, SocketFlags.None);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.OperationAborted)
        {
            return 0; // the process has gone
        }
        catch (ObjectDisposedException)
        {
            return 0; // given up on our side
        }
    }

    /// <summary>Asks the process to end the session: it writes what it still has, and the stream ends.</summary>
    public async Task StopAsync(WatchedProcess process, string proc, CancellationToken cancellation)
    {
        var body = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(body, _id);
        using var socket = await DiagnosticsSocket.OpenAsync(process, proc, cancellation);
        await AskAsync(socket, Stop, body, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static async Task<DiagnosticsSession?> TryStartAsync(WatchedProcess process, string proc, byte command, CancellationToken cancellation)
    {
        var socket = await DiagnosticsSocket.OpenAsync(process, proc, cancellation);
        try
        {
            if (await AskAsync(socket, command, StartBody(command), cancellation) is { } id)
                return new DiagnosticsSession(socket, id);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        socket.Dispose();
        return null;
    }

    // [Kind of session,] buffer, format, [no stacks and] no rundown, one provider: keywords, level, name, no arguments, [only these events].
    private static byte[] StartBody(byte command)
    {
        using var body = new MemoryStream();
        using var write = new BinaryWriter(body);
        if (command == StartFiltered)
            write.Write(0u);
        write.Write(Megabytes);
        write.Write(1u);
        if (command == StartFiltered)
            write.Write(0ul);
        else
            write.Write(false);
        if (command != StartWithStacks)
            write.Write(false);
        write.Write(1u);
        write.Write(Collections);
        write.Write(Informational);
        write.Write(Provider.Length);
        write.Write(Encoding.Unicode.GetBytes(Provider));
        write.Write(0u);
        if (command == StartFiltered)
        {
            write.Write(true);
            write.Write(GcStep.Events.Length);
            foreach (var id in GcStep.Events)
                write.Write(id);
        }
        return body.ToArray();
    }

    // The session's id; null if the runtime does not know the command.
    private static async Task<ulong?> AskAsync(Socket socket, byte command, byte[] body, CancellationToken cancellation)
    {
        var message = new byte[HeaderBytes + body.Length];
        "DOTNET_IPC_V1"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = EventPipe;
        message[17] = command;
        body.CopyTo(message, HeaderBytes);
        var header = new byte[HeaderBytes];
        var answer = new byte[8];
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(message, cancellation);
            await stream.ReadExactlyAsync(header, cancellation);
            var size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(14)) - HeaderBytes;
            if (!header.AsSpan().StartsWith("DOTNET_IPC_V1\0"u8) || header[16] != 0xff || size is < 4 or > 8)
                throw new GcDeafException("what answers at its diagnostics socket is no .NET runtime");
            await stream.ReadExactlyAsync(answer.AsMemory(0, size), cancellation);
            if (header[17] == 0 && size == 8)
                return BinaryPrimitives.ReadUInt64LittleEndian(answer);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new GcDeafException($"its diagnostics socket broke off: {e.Message}", e);
        }
        var error = BinaryPrimitives.ReadUInt32LittleEndian(answer);
        return error == UnknownCommand ? null : throw new GcDeafException($"its runtime refuses (error 0x{error.ToString("x8", CultureInfo.InvariantCulture)})");
    }
}
