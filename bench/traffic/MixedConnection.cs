using System.Buffers.Binary;

namespace Pressure.Bench.Traffic;

/// <summary>A connection of the mix: what it still has to say, segment by segment.</summary>
internal sealed class MixedConnection(uint client, int port, uint clientSequence, uint serverSequence, int requests)
{
    private const int MaxSegment = 1448;
    private const int Headers = 14 + 20 + 32;
    private const uint Server = 0x0A00_0001;
    private const byte Fin = 1, Syn = 2, Push = 8, Ack = 16;

    private readonly byte[] _packet = new byte[Headers + MaxSegment];
    private readonly Queue<(bool FromClient, byte Flags, ReadOnlyMemory<byte> Payload)> _next = [];
    private uint _client = clientSequence;
    private uint _server = serverSequence;
    private bool _closing;

    public int RequestsLeft { get; private set; } = requests;

    public bool HasNext => _next.Count > 0;

    public bool IsClosing => _closing;

    public bool IsOver => _closing && !HasNext;

    public void Open()
    {
        _next.Enqueue((true, Syn, default));
        _next.Enqueue((false, Syn | Ack, default));
        _next.Enqueue((true, Ack, default));
    }

    public void Exchange(byte[] request, byte[] response)
    {
        RequestsLeft--;
        Say(true, request);
        Say(false, response);
    }

    public void Close()
    {
        _next.Enqueue((true, Fin | Ack, default));
        _next.Enqueue((false, Fin | Ack, default));
        _next.Enqueue((true, Ack, default));
        _closing = true;
    }

    /// <summary>Its next packet, valid until the one after it.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var (fromClient, flags, payload) = _next.Dequeue();
        var packet = _packet.AsSpan(0, Headers + payload.Length);
        packet[..Headers].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet[12..], 0x0800);
        var ip = packet[14..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        (ip[8], ip[9]) = (64, 6);
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], fromClient ? client : Server);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], fromClient ? Server : client);
        var tcp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)(fromClient ? port : 80));
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)(fromClient ? 80 : port));
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], fromClient ? _client : _server);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], (flags & Ack) == 0 ? 0 : fromClient ? _server : _client);
        tcp[12] = 8 << 4;
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 65_535);
        // Timestamps, as every system sends them.
        (tcp[20], tcp[21], tcp[22], tcp[23]) = (1, 1, 8, 10);
        payload.Span.CopyTo(tcp[32..]);
        var next = (uint)payload.Length + ((flags & (Syn | Fin)) != 0 ? 1u : 0);
        if (fromClient)
            _client += next;
        else
            _server += next;
        return packet;
    }

    private void Say(bool fromClient, byte[] bytes)
    {
        for (int at = 0, segments = 1; at < bytes.Length; at += MaxSegment, segments++)
        {
            var last = at + MaxSegment >= bytes.Length;
            _next.Enqueue((fromClient, (byte)(last ? Push | Ack : Ack), bytes.AsMemory(at, Math.Min(MaxSegment, bytes.Length - at))));
            if (segments % 2 == 0 || last)
                _next.Enqueue((!fromClient, Ack, default));
        }
    }
}
