using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>A frame and when it was captured.</summary>
public readonly record struct Frame(long At, byte[] Data, int Length)
{
    public Frame(long at, byte[] data)
        : this(at, data, data.Length)
    {
    }
}

/// <summary>
/// A whole TCP connection as Ethernet frames: who says what, one after the other, a microsecond apart. Take <see cref="Frames"/> and drop, repeat, cut or
/// swap what you like, then give it to <see cref="PcapBuilder"/> or straight to a decoder.
/// </summary>
/// <code>
/// var talk = new TalkBuilder().Open().Client("GET / HTTP/1.1\r\n\r\n").Server("HTTP/1.1 204 No Content\r\n\r\n").Close();
/// </code>
public sealed class TalkBuilder(string client = "10.0.0.1:40000", string server = "10.0.0.2:80", long at = TalkBuilder.Start)
{
    /// <summary>When captures begin unless somebody says otherwise: 2026-01-01 00:00:00 UTC.</summary>
    public const long Start = 1_767_225_600_000_000_000;

    private long _at = at;

    /// <summary>What was said.</summary>
    public List<Frame> Frames { get; } = [];

    /// <summary>The client's next sequence number.</summary>
    public uint ClientNext { get; set; } = 1_000;

    /// <summary>The server's next sequence number.</summary>
    public uint ServerNext { get; set; } = 5_000;

    /// <summary>Most bytes that a segment carries.</summary>
    public int MaxSegment { get; set; } = 1448;

    /// <summary>Time between two frames.</summary>
    public long StepNanoseconds { get; set; } = 1_000;

    /// <summary>SYN, SYN and ACK, ACK.</summary>
    public TalkBuilder Open()
    {
        Add(Side.Client, TcpFlags.Syn);
        Add(Side.Server, TcpFlags.Syn | TcpFlags.Ack);
        return Add(Side.Client, TcpFlags.Ack);
    }

    /// <summary>The client says something, in as many segments as it takes.</summary>
    public TalkBuilder Client(string text) => Say(Side.Client, Encoding.Latin1.GetBytes(text));

    /// <summary>The server says something.</summary>
    public TalkBuilder Server(string text) => Say(Side.Server, Encoding.Latin1.GetBytes(text));

    /// <summary>A side says something.</summary>
    public TalkBuilder Say(Side from, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(MaxSegment, bytes.Length)];
            Add(from, TcpFlags.Ack | TcpFlags.Psh, piece);
            bytes = bytes[piece.Length..];
        }
        return this;
    }

    /// <summary>The client closes, then the server.</summary>
    public TalkBuilder Close()
    {
        Add(Side.Client, TcpFlags.Fin | TcpFlags.Ack);
        Add(Side.Server, TcpFlags.Fin | TcpFlags.Ack);
        return Add(Side.Client, TcpFlags.Ack);
    }

    /// <summary>A side breaks it off.</summary>
    public TalkBuilder Reset(Side from) => Add(from, TcpFlags.Rst | TcpFlags.Ack);

    /// <summary>Time goes by.</summary>
    public TalkBuilder Wait(TimeSpan time)
    {
        _at += time.Ticks * 100;
        return this;
    }

    /// <summary>One segment, of the numbers that are due.</summary>
    public TalkBuilder Add(Side from, TcpFlags flags, ReadOnlySpan<byte> payload = default)
    {
        var (sender, receiver) = from == Side.Client ? (client, server) : (server, client);
        var (sequence, acknowledged) = from == Side.Client ? (ClientNext, ServerNext) : (ServerNext, ClientNext);
        Frames.Add(new Frame(_at, PacketBuilder.TcpFrame(sender, receiver, sequence, (flags & TcpFlags.Ack) != 0 ? acknowledged : 0, flags, payload)));
        _at += StepNanoseconds;
        var next = sequence + (uint)payload.Length + ((flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1u : 0);
        if (from == Side.Client)
            ClientNext = next;
        else
            ServerNext = next;
        return this;
    }
}
