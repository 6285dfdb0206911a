using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>A segment that lasts, for tests that shuffle them.</summary>
internal sealed record BuiltSegment(long At, FlowKey Flow, uint Sequence, uint Acknowledged, TcpFlags Flags, byte[] Payload, int PayloadLength, int IpId)
{
    public TcpSegment ToSegment() => new()
    {
        At = At,
        Flow = Flow,
        Sequence = Sequence,
        Acknowledged = Acknowledged,
        Flags = Flags,
        Payload = Payload,
        PayloadLength = PayloadLength,
        IpId = IpId,
    };
}

/// <summary>
/// Writes the segments of one connection. Positions are counted from each side's first byte, so that tests need no sequence numbers; every segment comes a
/// millisecond after the one before.
/// </summary>
internal sealed class SegmentBuilder(uint clientIsn = 1_000, uint serverIsn = 9_000, int clientPort = 40_000, int serverPort = 80, long at = 1_700_000_000_000_000_000)
{
    public const long Millisecond = 1_000_000;

    public FlowKey FromClient { get; } = Key("10.0.0.1", clientPort, "10.0.0.2", serverPort);

    public long Now { get; set; } = at;

    public int NextId { get; set; } = 1;

    /// <summary>How far each side has acknowledged the other; what is said next carries it.</summary>
    public long ClientAcked { get; set; }

    public long ServerAcked { get; set; }

    public static FlowKey Key(string from, int fromPort, string to, int toPort, ulong network = 0)
    {
        var (a, b) = (Bytes(from), Bytes(to));
        return new FlowKey(
            BinaryPrimitives.ReadUInt64BigEndian(a), BinaryPrimitives.ReadUInt64BigEndian(a.AsSpan(8)),
            BinaryPrimitives.ReadUInt64BigEndian(b), BinaryPrimitives.ReadUInt64BigEndian(b.AsSpan(8)), (uint)fromPort << 16 | (uint)toPort, network);
    }

    public BuiltSegment[] Handshake() => [Syn(), SynAck(), Client(0)];

    public BuiltSegment Syn(string data = "", uint? isn = null) => Make(Side.Client, -1, data, TcpFlags.Syn) is var s && isn is { } other ? s with { Sequence = other } : s;

    public BuiltSegment SynAck(uint? isn = null) => Make(Side.Server, -1, "", TcpFlags.Syn | TcpFlags.Ack) is var s && isn is { } other ? s with { Sequence = other } : s;

    public BuiltSegment Client(long position, string data = "", TcpFlags more = TcpFlags.None) => Make(Side.Client, position, data, TcpFlags.Ack | more);

    public BuiltSegment Server(long position, string data = "", TcpFlags more = TcpFlags.None) => Make(Side.Server, position, data, TcpFlags.Ack | more);

    public BuiltSegment Make(Side from, long position, string data, TcpFlags flags) => Make(from, position, Encoding.Latin1.GetBytes(data), flags);

    public BuiltSegment Make(Side from, long position, byte[] data, TcpFlags flags)
    {
        Now += Millisecond;
        var (mine, other, acked) = from == Side.Client ? (clientIsn, serverIsn, ClientAcked) : (serverIsn, clientIsn, ServerAcked);
        var sequence = (uint)(mine + 1 + position);
        var acknowledged = (flags & TcpFlags.Ack) != 0 ? (uint)(other + 1 + acked) : 0;
        return new BuiltSegment(Now, from == Side.Client ? FromClient : FromClient.Reversed, sequence, acknowledged, flags, data, data.Length, NextId++ & 0xFFFF);
    }

    private static byte[] Bytes(string address) => IPAddress.Parse(address).MapToIPv6().GetAddressBytes();
}
