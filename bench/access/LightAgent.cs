using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Pressure.Agent;

namespace Pressure.Bench.Access;

/// <summary>An agent that does no more than the protocol asks: proves itself, beats, tells the time, answers commands. A load client, not the real one.</summary>
internal sealed class LightAgent(string id, ECDsa key) : IDisposable
{
    /// <summary>Final, binary, masked with zero, one byte: 0.</summary>
    private static readonly byte[] Heartbeat = [0x82, 0x81, 0, 0, 0, 0, 0];

    private readonly Lock _gate = new();
    private SslStream? _tls;

    public bool Ended { get; private set; }

    /// <summary>Connects and is let in.</summary>
    public async Task ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
#pragma warning disable CA5359 // Checking the certificate is not what is measured here.
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        _tls = tls;
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Encoding.ASCII.GetBytes("GET /agent HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        var welcomed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ReadAsync(tls, welcomed);
        await welcomed.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Beat()
    {
        if (!Ended)
            Write(Heartbeat);
    }

    public void Dispose() => _tls?.Dispose();

    private async Task ReadAsync(SslStream tls, TaskCompletionSource welcomed)
    {
        try
        {
            var skipped = false;
            var kept = Array.Empty<byte>();
            while (true)
            {
                // Without a buffer while nothing comes.
                var nothing = await tls.ReadAsync(Memory<byte>.Empty);
                var buffer = ArrayPool<byte>.Shared.Rent(4096);
                kept.CopyTo(buffer, 0);
                var length = nothing + kept.Length + await tls.ReadAsync(buffer.AsMemory(kept.Length));
                if (length == kept.Length)
                    throw new IOException("The server closed.");
                var rest = Take(buffer.AsSpan(0, length), ref skipped, welcomed);
                kept = rest.ToArray();
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or ObjectDisposedException)
        {
            Ended = true;
            welcomed.TrySetException(e);
        }
    }

    private ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref bool skipped, TaskCompletionSource welcomed)
    {
        if (!skipped)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return bytes;
            skipped = true;
            bytes = bytes[(end + 4)..];
        }
        while (bytes.Length >= 2)
        {
            var (header, length) = bytes[1] < 126 ? (2, bytes[1]) : bytes.Length >= 4 ? (4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])) : (4, int.MaxValue - 4);
            if (bytes.Length < header + length)
                break;
            if (bytes[0] == 0x88)
                throw new IOException("The server closed.");
            Take(FrameCodec.Read(bytes.Slice(header, length)), welcomed);
            bytes = bytes[(header + length)..];
        }
        return bytes;
    }

    private void Take(Frame frame, TaskCompletionSource welcomed)
    {
        switch (frame)
        {
            case Frame.Challenge challenge:
                var instance = Guid.NewGuid();
                var signature = key.SignData(AgentProof.Bytes(challenge.Nonce, id, instance), HashAlgorithmName.SHA256);
                Send(new Frame.Hello(FrameCodec.Version, "bench", id, instance, null, signature, new Dictionary<string, string>(), Guid.NewGuid(), 0, 0));
                break;
            case Frame.Welcome:
                welcomed.TrySetResult();
                break;
            case Frame.ClockAsk ask:
                var now = TimeProvider.System.GetUtcNow();
                Send(new Frame.ClockAnswer(ask.Id, now, now));
                break;
            case Frame.Command command:
                Send(new Frame.Result(command.Id, null, command.Body));
                break;
            case Frame.Refused refused:
                throw new IOException($"{refused.Code}: {refused.Why}");
        }
    }

    private void Send(Frame frame)
    {
        var json = new ArrayBufferWriter<byte>(512);
        FrameCodec.Write(frame, json);
        var message = new byte[8 + json.WrittenCount];
        var header = json.WrittenCount < 126 ? 6 : 8;
        message[0] = 0x82;
        message[1] = (byte)(0x80 | (header == 6 ? json.WrittenCount : 126));
        if (header == 8)
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)json.WrittenCount);
        json.WrittenSpan.CopyTo(message.AsSpan(header));
        Write(message.AsSpan(0, header + json.WrittenCount));
    }

    private void Write(ReadOnlySpan<byte> message)
    {
        try
        {
            lock (_gate)
                _tls!.Write(message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Ended = true;
        }
    }
}
