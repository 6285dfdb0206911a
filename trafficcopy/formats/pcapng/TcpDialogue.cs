using System.Net;

namespace Pressure.TrafficCopy;

/// <summary>A TCP connection that is made up to carry exchanges: handshake, data in segments, the end.</summary>
internal sealed class TcpDialogue(IPEndPoint client, IPEndPoint server, PacketOrder to, TcpPackets packets)
{
    // Behind a larger hole nobody could tell numbers apart.
    private const long LargestHole = 1 << 30;

    private const long Step = 1_000;

    /// <summary>How long before the first message the handshake begins, in nanoseconds.</summary>
    public const long HandshakeTime = 3 * Step;

    private uint _clientNext = (uint)HashCode.Combine(client.Port, 1);
    private uint _serverNext = (uint)HashCode.Combine(client.Port, 2);
    private long _last = long.MinValue;

    /// <summary>The one who opens it.</summary>
    public IPEndPoint Client => client;

    /// <summary>The other one.</summary>
    public IPEndPoint Server => server;

    /// <summary>When what it carries now is over.</summary>
    public long BusyUntil { get; set; } = long.MinValue;

    /// <summary>Responses that are still to be written.</summary>
    public int Awaited { get; set; }

    /// <summary>Whether it was ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether nothing more is to be sent over it, since only its end ends the message.</summary>
    public bool IsSpent { get; set; }

    /// <summary>Shakes hands, to be done by a moment.</summary>
    public void Open(long at)
    {
        Packet(Side.Client, at - HandshakeTime, TcpFlags.Syn, []);
        _clientNext++;
        Packet(Side.Server, at - (2 * Step), TcpFlags.Syn | TcpFlags.Ack, []);
        _serverNext++;
        Packet(Side.Client, at - Step, TcpFlags.Ack, []);
    }

    /// <summary>Sends a message from one moment to another.</summary>
    public void Send(Side from, in WireBytes message, long at, long end)
    {
        var length = message.Front.Length + message.Body.Length + message.Tail.Length;
        var sent = 0L;
        foreach (var part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[message.Front, message.Body])
            sent = Send(from, part.Span, at, end, sent, length);
        if (message.Missing > LargestHole)
        {
            IsSpent = true;
            return;
        }

        Advance(from, (uint)message.Missing);
        Send(from, message.Tail.Span, at, end, sent, length);
    }

    /// <summary>Ends it.</summary>
    public void Close(long at)
    {
        if (IsOver)
            return;
        IsOver = true;
        Packet(Side.Server, at, TcpFlags.Fin | TcpFlags.Ack, []);
        _serverNext++;
        Packet(Side.Client, at, TcpFlags.Fin | TcpFlags.Ack, []);
        _clientNext++;
        Packet(Side.Server, at, TcpFlags.Ack, []);
    }

    private long Send(Side from, ReadOnlySpan<byte> bytes, long at, long end, long sent, long length)
    {
        var most = TcpPackets.MostPayload(client);
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(most, bytes.Length)];
            bytes = bytes[piece.Length..];
            // The first segment at the beginning, the last at the end.
            var share = sent + piece.Length >= length ? sent == 0 ? 0 : 1 : (double)sent / length;
            Packet(from, at + (long)(share * Math.Max(0, end - at)), TcpFlags.Ack | TcpFlags.Psh, piece);
            Advance(from, (uint)piece.Length);
            sent += piece.Length;
        }

        return sent;
    }

    private void Advance(Side from, uint bytes)
    {
        if (from == Side.Client)
            _clientNext += bytes;
        else
            _serverNext += bytes;
    }

    private void Packet(Side from, long at, TcpFlags flags, ReadOnlySpan<byte> payload)
    {
        _last = at = Math.Max(at, _last);
        var acknowledged = (flags & TcpFlags.Ack) == 0 ? 0 : from == Side.Client ? _serverNext : _clientNext;
        var packet = from == Side.Client
            ? packets.Build(client, server, _clientNext, acknowledged, flags, payload)
            : packets.Build(server, client, _serverNext, acknowledged, flags, payload);
        to.Add(at, packet);
    }
}

/// <summary>A message's bytes.</summary>
/// <param name="Front">What comes before the body.</param>
/// <param name="Body">What there is of the body.</param>
/// <param name="Missing">Bytes of it that are not there.</param>
/// <param name="Tail">What comes behind the body.</param>
internal readonly record struct WireBytes(ReadOnlyMemory<byte> Front, ReadOnlyMemory<byte> Body, long Missing, ReadOnlyMemory<byte> Tail)
{
    public static WireBytes Of(HttpWire wire) => new(wire.Front, wire.Body, wire.Missing, wire.Tail);

    public WireBytes Keep() => new(Front.ToArray(), Body.ToArray(), Missing, Tail);
}
