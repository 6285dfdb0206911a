using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Pressure.Agent.Tests.Link;

/// <summary>One connection of an agent to a <see cref="TestCentre"/>.</summary>
internal sealed class TestSession(WebSocket socket, TestStore store) : IDisposable
{
    private readonly SemaphoreSlim _sending = new(1);
    private readonly List<Frame> _received = [];

    public Frame.Hello? Hello { get; private set; }

    public Exception? Failure { get; set; }

    /// <summary>Whether entries are acknowledged.</summary>
    public bool Acks { get; set; } = true;

    public IReadOnlyList<Frame> Received
    {
        get
        {
            lock (_received)
                return [.. _received];
        }
    }

    public bool IsOpen => socket.State == WebSocketState.Open;

    /// <summary>Lets the agent in and stores what comes until it leaves.</summary>
    public async Task ServeAsync()
    {
        await EnterAsync();
        await FollowAsync();
    }

    public async Task EnterAsync(long? wanted = null)
    {
        var nonce = await ChallengeAsync();
        if (!store.Knows(Hello!, nonce))
            throw new InvalidDataException("The signature does not fit.");
        await SendAsync(new Frame.Welcome(1, "host-1", wanted ?? store.Wanted(Hello!.Ring, Hello.Oldest), store.Settings));
    }

    public async Task<byte[]> ChallengeAsync()
    {
        var nonce = RandomNumberGenerator.GetBytes(32);
        await SendAsync(new Frame.Challenge(nonce));
        Hello = (Frame.Hello)(await ReceiveAsync())!;
        return nonce;
    }

    public async Task FollowAsync()
    {
        while (await ReceiveAsync() is { } frame)
        {
            if (frame is not Frame.Entries entries)
                continue;
            store.Put(Hello!.Ring, entries);
            if (Acks)
                await SendAsync(new Frame.Ack(entries.First + entries.Items.Count));
        }
    }

    public async Task SendAsync(Frame frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        FrameCodec.Write(frame, bytes);
        await SendAsync(bytes.WrittenMemory);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task CommandAsync(long id, string name, string? body = null) =>
        SendAsync(new Frame.Command(id, name, body is null ? null : JsonDocument.Parse(body).RootElement));

    public async Task<Frame?> ReceiveAsync()
    {
        var buffer = new ArrayBufferWriter<byte>();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.GetMemory(8192), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            buffer.Advance(part.Count);
            if (!part.EndOfMessage)
                continue;
            Assert.True(buffer.WrittenCount <= FrameCodec.MaxBytes);
            var frame = FrameCodec.Read(buffer.WrittenSpan);
            lock (_received)
                _received.Add(frame);
            return frame;
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose() => _sending.Dispose();
}
