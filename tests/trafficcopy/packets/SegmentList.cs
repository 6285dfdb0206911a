using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>A segment, kept.</summary>
public sealed record KeptSegment(long At, FlowKey Flow, uint Sequence, uint Acknowledged, TcpFlags Flags, byte[] Payload, int PayloadLength)
{
    /// <summary>Its payload as text.</summary>
    public string Text => Encoding.Latin1.GetString(Payload);
}

/// <summary>Keeps segments and counts each as used, as a reassembler would.</summary>
public sealed class SegmentList(CaptureAccounts accounts) : ISegmentSink
{
    /// <summary>What came.</summary>
    public List<KeptSegment> Segments { get; } = [];

    /// <inheritdoc/>
    public void Take(in TcpSegment segment)
    {
        accounts.Count(PacketFate.Used);
        Segments.Add(new KeptSegment(segment.At, segment.Flow, segment.Sequence, segment.Acknowledged, segment.Flags, segment.Payload.ToArray(), segment.PayloadLength));
    }
}

/// <summary>What a decoder makes of packets.</summary>
public sealed class Decoding
{
    private readonly SegmentList _list;
    private readonly PacketDecoder _decoder;

    public Decoding()
    {
        _list = new SegmentList(Accounts);
        _decoder = new PacketDecoder(_list, Accounts);
    }

    /// <summary>What became of the packets.</summary>
    public CaptureAccounts Accounts { get; } = new();

    /// <summary>The segments.</summary>
    public List<KeptSegment> Segments => _list.Segments;

    /// <summary>The decoder.</summary>
    public IPacketSink Sink => _decoder;

    /// <summary>Decodes packets, to the end.</summary>
    public static Decoding Of(LinkType link, params IEnumerable<byte[]> packets)
    {
        var decoding = new Decoding();
        foreach (var packet in packets)
            decoding.Take(packet, link);
        decoding.Flush();
        return decoding;
    }

    /// <summary>Decodes a packet.</summary>
    public void Take(byte[] packet, LinkType link = LinkType.Ethernet, long at = TalkBuilder.Start, long? length = null) =>
        _decoder.Take(new CapturedPacket(at, link, packet, length ?? packet.Length));

    /// <summary>Nothing more comes.</summary>
    public void Flush()
    {
        _decoder.Flush();
        Assert.Equal(Accounts.Packets, Enum.GetValues<PacketFate>().Sum(f => Accounts[f]));
    }
}
