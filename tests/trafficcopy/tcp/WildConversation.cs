namespace Pressure.TrafficCopy.Tests;

/// <summary>
/// A random conversation, cut into segments as a pair of honest ends would send them, and then treated as networks and captures treat it.
/// </summary>
internal sealed class WildConversation
{
    private readonly Random _random;
    private readonly SegmentBuilder _builder;
    private readonly List<BuiltSegment> _sent = [];
    private readonly Dictionary<Side, List<byte>> _said = new() { [Side.Client] = [], [Side.Server] = [] };
    private readonly System.Text.StringBuilder _story = new();
    private readonly List<(Side From, int Start)> _turns = [];
    private readonly (uint Client, uint Server) _isn;

    public WildConversation(int seed, int turns = 30, int port = 40_000)
    {
        _random = new Random(seed);
        _isn = (Isn(), Isn());
        _builder = new SegmentBuilder(_isn.Client, _isn.Server, port);
        _sent.AddRange(_builder.Handshake());
        for (var (turn, count) = (0, _random.Next(1, turns)); turn < count; turn++)
            Say(turn % 2 == 0 ? Side.Client : Side.Server);
        if (_random.Next(4) == 0)
            return;
        _sent.Add(Packet(Side.Client, _said[Side.Client].Count, [], TcpFlags.Fin));
        _builder.ServerAcked++;
        _sent.Add(Packet(Side.Server, _said[Side.Server].Count, [], TcpFlags.Fin));
        _builder.ClientAcked++;
        _sent.Add(_builder.Client(_said[Side.Client].Count + 1));
    }

    /// <summary>Everything, in order, whole.</summary>
    public IReadOnlyList<BuiltSegment> Sent => _sent;

    /// <summary>What was said, as <see cref="HeardConversation.Story"/> tells it.</summary>
    public string Story => _story.ToString().Trim();

    public byte[] Said(Side side) => [.. _said[side]];

    /// <summary>Position of a segment's first byte among what its side said.</summary>
    public int PositionOf(BuiltSegment segment) => (int)(segment.Sequence - (SideOf(segment) == Side.Client ? _isn.Client : _isn.Server) - 1);

    public static Side SideOf(BuiltSegment segment) => segment.Flow.FromPort == 80 ? Side.Server : Side.Client;

    /// <summary>Copies of packets, a few packets later.</summary>
    public List<BuiltSegment> Doubled(IEnumerable<BuiltSegment> segments, double share) =>
        Later(segments, share, s => s);

    /// <summary>Bytes sent again in other pieces, a few packets later; contradicting or not.</summary>
    public List<BuiltSegment> SentAgain(IEnumerable<BuiltSegment> segments, double share, bool contradict = false) =>
        Later(segments, share, s => Again(s, contradict));

    /// <summary>Packets swapped with others that are near; greetings come first, since everything else waits for them.</summary>
    public List<BuiltSegment> Shuffled(IEnumerable<BuiltSegment> segments, int distance) =>
        [.. segments.Select((s, i) => (s, At: (s.Flags & TcpFlags.Syn) != 0 ? i : i + _random.NextDouble() * distance)).OrderBy(p => p.At).Select(p => p.s)];

    /// <summary>Packets with bytes left out.</summary>
    public List<BuiltSegment> Dropped(IEnumerable<BuiltSegment> segments, double share) =>
        [.. segments.Where(s => s.Payload.Length == 0 || _random.NextDouble() >= share)];

    /// <summary>Packets cut off by a snap length.</summary>
    public static List<BuiltSegment> Cut(IEnumerable<BuiltSegment> segments, int length) =>
        [.. segments.Select(s => s.Payload.Length > length ? s with { Payload = s.Payload[..length] } : s)];

    /// <summary>Which bytes of a side are in some packet.</summary>
    public bool[] Captured(Side side, IEnumerable<BuiltSegment> segments)
    {
        var captured = new bool[_said[side].Count];
        foreach (var segment in segments.Where(s => SideOf(s) == side && s.Payload.Length > 0))
            captured.AsSpan(PositionOf(segment), segment.Payload.Length).Fill(true);
        return captured;
    }

    private uint Isn() => _random.Next(2) == 0 ? (uint)_random.NextInt64(1L << 32) : uint.MaxValue - (uint)_random.Next(20_000);

    private void Say(Side from)
    {
        var data = new byte[_random.Next(1, _random.Next(4) == 0 ? 20_000 : 600)];
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)_random.Next('a', 'z' + 1);
        _turns.Add((from, _said[from].Count));
        _story.Append(from == Side.Client ? " C:" : " S:").Append(System.Text.Encoding.Latin1.GetString(data));
        for (var at = 0; at < data.Length;)
        {
            var length = Math.Min(data.Length - at, _random.Next(1, 1461));
            _sent.Add(Packet(from, _said[from].Count, data[at..(at + length)], TcpFlags.Psh));
            _said[from].AddRange(data[at..(at + length)]);
            at += length;
        }
        if (from == Side.Client)
            _builder.ServerAcked = _said[from].Count;
        else
            _builder.ClientAcked = _said[from].Count;
        if (_random.Next(2) == 0)
            _sent.Add(Packet(from == Side.Client ? Side.Server : Side.Client, _said[from == Side.Client ? Side.Server : Side.Client].Count, [], TcpFlags.None));
    }

    private BuiltSegment Packet(Side from, long position, byte[] data, TcpFlags more) => _builder.Make(from, position, data, TcpFlags.Ack | more);

    private List<BuiltSegment> Later(IEnumerable<BuiltSegment> segments, double share, Func<BuiltSegment, BuiltSegment?> make)
    {
        var all = segments.Select((s, i) => (Segment: s, At: (double)i)).ToList();
        foreach (var (segment, at) in all.ToArray())
        {
            if (_random.NextDouble() < share && make(segment) is { } more)
                all.Add((more, at + 0.5 + _random.Next(6)));
        }
        return [.. all.OrderBy(p => p.At).Select(p => p.Segment)];
    }

    private BuiltSegment? Again(BuiltSegment segment, bool contradict)
    {
        if (segment.Payload.Length == 0)
            return null;
        // Other limits than before, of what its side had said by then since the other one spoke.
        var (said, position) = (_said[SideOf(segment)], PositionOf(segment));
        var from = Math.Max(_turns.Last(t => t.From == SideOf(segment) && t.Start <= position).Start, position - _random.Next(200));
        var to = Math.Min(position + segment.Payload.Length, Math.Max(from + 1, position + _random.Next(segment.Payload.Length + 1)));
        var data = said[from..to].ToArray();
        if (contradict)
            data[_random.Next(data.Length)] ^= 0x20;
        return segment with { Sequence = segment.Sequence - (uint)(position - from), Payload = data, PayloadLength = data.Length, IpId = _builder.NextId++ };
    }
}
