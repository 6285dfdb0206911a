using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Pressure.Agent;
using Pressure.Record;

namespace Pressure.Web.Tests.Access;

/// <summary>What a hello says; the rest of it is made when the challenge has come.</summary>
internal sealed record HelloDraft
{
    public int Protocol { get; init; } = FrameCodec.Version;

    public string? Agent { get; init; }

    public Guid Instance { get; init; } = Guid.NewGuid();

    public Guid? Replaces { get; init; }

    public Guid Ring { get; init; } = Guid.NewGuid();

    public long Oldest { get; init; }

    public long Next { get; init; }

    public byte[]? Signature { get; init; }

    public Dictionary<string, string> Labels { get; init; } = [];
}

/// <summary>The agent's side of the protocol, frame by frame; it does nothing by itself but answer what time it is.</summary>
internal sealed class RawAgent : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Queue<Frame> _aside = new();

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>What is added to the host's clock.</summary>
    public TimeSpan Ahead { get; set; }

    public bool TellsTime { get; set; } = true;

    public Frame.Hello Hello { get; private set; } = null!;

    /// <summary>The first answer to the hello.</summary>
    public Frame? Answer { get; private set; }

    public Frame.Welcome Welcome => Answer as Frame.Welcome ?? throw new InvalidOperationException($"No welcome but {Answer}.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<RawAgent> OpenAsync(int port)
    {
        var agent = new RawAgent();
        agent._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await agent._socket.ConnectAsync(new Uri($"wss://127.0.0.1:{port}/agent"), new HttpMessageInvoker(RunningAccess.Trusting()), Stop);
        return agent;
    }

    public async Task GreetAsync(Credential credential, Func<HelloDraft, HelloDraft>? change = null)
    {
        var draft = (change ?? (d => d))(new HelloDraft());
        var challenge = Assert.IsType<Frame.Challenge>(await NextAsync());
        var agent = draft.Agent ?? credential.Agent;
        var signature = draft.Signature ?? credential.Key.SignData(AgentProof.Bytes(challenge.Nonce, agent, draft.Instance), HashAlgorithmName.SHA256);
        Hello = new Frame.Hello(draft.Protocol, "1.0.0", agent, draft.Instance, draft.Replaces, signature, draft.Labels, draft.Ring, draft.Oldest, draft.Next);
        await SendAsync(Hello);
        Answer = await NextAsync();
    }

    public Task SendAsync(Frame frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        FrameCodec.Write(frame, bytes);
        return SendAsync(bytes.WrittenMemory);
    }

    public Task SendAsync(ReadOnlyMemory<byte> message) => _socket.SendAsync(message, WebSocketMessageType.Binary, true, Stop).AsTask();

    /// <summary>Samples at these times of the host's clock, numbered from one on.</summary>
    public Task SampleAsync(long first, params DateTimeOffset[] at) => SendAsync(new Frame.Entries(first, [.. at.Select(Samples.At)]));

    /// <summary>The next frame; null at the end.</summary>
    public async Task<Frame?> NextAsync()
    {
        if (_aside.TryDequeue(out var aside))
            return aside;
        while (true)
        {
            var frame = await ReceiveAsync();
            if (frame is not Frame.ClockAsk ask || !TellsTime)
                return frame;
            var now = Clock.GetUtcNow() + Ahead;
            try
            {
                await SendAsync(new Frame.ClockAnswer(ask.Id, now, now));
            }
            catch (WebSocketException)
            {
                // The other side may have said why before it closed.
            }
        }
    }

    /// <summary>The next frame of a kind; others are read later. Fails at the end.</summary>
    public async Task<T> NextAsync<T>()
        where T : Frame
    {
        var others = new List<Frame>();
        while (true)
        {
            var frame = await NextAsync() ?? throw new InvalidOperationException($"The connection ended; no {typeof(T).Name} came.");
            if (frame is T wanted)
            {
                others.ForEach(_aside.Enqueue);
                return wanted;
            }
            others.Add(frame);
        }
    }

    /// <summary>Reads on until an ack of this number has come.</summary>
    public async Task AckedAsync(long next)
    {
        while ((await NextAsync<Frame.Ack>()).Next != next)
        {
        }
    }

    /// <summary>Reads to the end and tells the last frame that said why.</summary>
    public async Task<Frame?> EndAsync()
    {
        Frame? last = null;
        while (await NextAsync() is { } frame)
            last = frame is Frame.Refused or Frame.Goodbye ? frame : last;
        return last;
    }

    /// <summary>Cuts the connection without a word.</summary>
    public void Cut() => _socket.Abort();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Frame?> ReceiveAsync()
    {
        var buffer = new byte[FrameCodec.MaxBytes];
        var length = 0;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(length), Stop);
                if (received.MessageType == WebSocketMessageType.Close)
                    return null;
                length += received.Count;
                if (received.EndOfMessage)
                    return FrameCodec.Read(buffer.AsSpan(0, length));
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}

internal static class Samples
{
    public static AgentEntry At(DateTimeOffset at) => new(at, new HostSample
    {
        Host = "",
        At = default,
        Cores = 2,
        Cpu = new CpuShares(0.1, 0.2, 0, 0),
        Load = new LoadAverages(1, 2, 3),
        MemoryTotal = 1 << 30,
        MemoryUsed = 1 << 29,
        Network = new ByteRates(1, 2),
        Disk = new ByteRates(3, 4),
        Sockets = 5,
    });
}
