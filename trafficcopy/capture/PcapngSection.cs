using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>A section of a pcapng file: its byte order, its interfaces, and what its blocks hold.</summary>
internal sealed class PcapngSection(CaptureReading reading, bool big)
{
    private const int MaxInterfaces = 65_536;
    private const uint TlsKeyLog = 0x544C_534B;
    private const int ResolutionOption = 9;
    private const int OffsetOption = 14;
    private const int DropsOption = 4;
    private const int DroppedByInterface = 5;
    private const int DroppedBySystem = 7;
    private const ushort UnknownDrops = 0xFFFF;

    // A link type that nothing has: what packets of an interface that nobody told of get.
    private const LinkType NoLink = (LinkType)(-1);

    private readonly List<PcapngInterface> _interfaces = [];
    private bool _unreadable;
    private bool _strangerNoted;

    /// <summary>Takes a block's body. One that contradicts itself is noted and passed over.</summary>
    public void Take(uint type, ReadOnlySpan<byte> body)
    {
        if (_unreadable)
            return;
        var whole = type switch
        {
            PcapngBlock.Packet => TakePacket(body),
            PcapngBlock.SimplePacket => TakeSimple(body),
            PcapngBlock.OldPacket => TakeOld(body),
            PcapngBlock.Interface => TakeInterface(body),
            PcapngBlock.Statistics => TakeStatistics(body),
            PcapngBlock.Secrets => TakeSecrets(body),
            PcapngBlock.Section => TakeHeader(body),
            _ => true,
        };
        if (!whole)
            reading.Note($"a block of type {type:X8} contradicts itself.", "It was passed over.");
    }

    /// <summary>Hands on secrets that are too long to be looked at in one piece, at most <paramref name="most"/> bytes from the window on; how many were passed.</summary>
    public long TakeLongSecrets(long most)
    {
        var head = reading.Window.Peek(8);
        if (head.Length < 8 || Four(head) != TlsKeyLog || _unreadable)
            return 0;
        var left = Math.Min(Four(head[4..]), most - 8);
        reading.Window.Advance(8);
        var passed = 8L;
        while (left > 0)
        {
            var piece = reading.Window.Peek((int)Math.Min(left, FileWindow.MaxPiece));
            if (piece.IsEmpty)
                break;
            // Lines stay whole.
            var lines = piece.Length == left ? piece.Length : piece.LastIndexOf((byte)'\n') + 1;
            var taken = lines > 0 ? lines : piece.Length;
            reading.Secrets?.TakeKeyLog(piece[..taken]);
            reading.Window.Advance(taken);
            (left, passed) = (left - taken, passed + taken);
        }
        return passed;
    }

    /// <summary>Counts what its interfaces dropped.</summary>
    public void Close()
    {
        foreach (var one in _interfaces)
            reading.Dropped(one.Dropped);
        _interfaces.Clear();
    }

    private bool TakeHeader(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16)
            return false;
        if (Two(body[4..]) is var version && version != 1)
        {
            _unreadable = true;
            reading.Note($"a section is of version {version} of pcapng, and only version 1 is known.", "It was passed over.");
        }
        return true;
    }

    private bool TakeInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
            return false;
        if (_interfaces.Count == MaxInterfaces)
            return false;
        var one = new PcapngInterface { Link = (LinkType)Two(body), Snap = Four(body[4..]) };
        var options = new PcapngOptions(body[8..], big);
        while (options.Next())
        {
            if (options.Code == ResolutionOption && options.Value.Length >= 1)
                one.Resolution = options.Value[0];
            else if (options.Code == OffsetOption && options.Value.Length >= 8)
                one.Offset = (long)Eight(options.Value);
        }
        _interfaces.Add(one);
        return true;
    }

    private bool TakePacket(ReadOnlySpan<byte> body)
    {
        const int header = 20;
        if (body.Length < header)
            return false;
        var (captured, length) = (Four(body[12..]), Four(body[16..]));
        if (captured > body.Length - header || captured > CaptureReading.MaxPacket)
            return false;
        var one = Of(Four(body));
        var end = header + (int)captured;
        if (body.Length > ((end + 3) & ~3))
            TakeDrops(one, body[((end + 3) & ~3)..]);
        Hand(one, Time(body[4..]), body[header..end], length);
        return true;
    }

    private bool TakeOld(ReadOnlySpan<byte> body)
    {
        const int header = 20;
        if (body.Length < header)
            return false;
        var (captured, length) = (Four(body[12..]), Four(body[16..]));
        if (captured > body.Length - header || captured > CaptureReading.MaxPacket)
            return false;
        var one = Of(Two(body));
        if (Two(body[2..]) is var drops && drops != UnknownDrops)
            one?.LostBefore(drops);
        Hand(one, Time(body[4..]), body.Slice(header, (int)captured), length);
        return true;
    }

    private bool TakeSimple(ReadOnlySpan<byte> body)
    {
        if (body.Length < 4)
            return false;
        var length = Four(body);
        var one = Of(0);
        var kept = Math.Min(length, one is { Snap: > 0 } ? one.Snap : uint.MaxValue);
        if (kept > CaptureReading.MaxPacket || kept > body.Length - 4)
            return false;
        // It has no time: that of the packet before it is the nearest that is known.
        reading.Take(reading.LastAt, one?.Link ?? NoLink, body.Slice(4, (int)kept), length);
        return true;
    }

    private void Hand(PcapngInterface? one, ulong time, ReadOnlySpan<byte> data, uint length) =>
        reading.Take(one?.Time(time) ?? reading.LastAt, one?.Link ?? NoLink, data, length);

    private void TakeDrops(PcapngInterface? one, ReadOnlySpan<byte> rest)
    {
        var options = new PcapngOptions(rest, big);
        while (options.Next())
        {
            if (options.Code == DropsOption && options.Value.Length >= 8)
                one?.LostBefore(Eight(options.Value));
        }
    }

    private bool TakeStatistics(ReadOnlySpan<byte> body)
    {
        if (body.Length < 12)
            return false;
        var dropped = 0UL;
        var options = new PcapngOptions(body[12..], big);
        while (options.Next())
        {
            if (options.Code is DroppedByInterface or DroppedBySystem && options.Value.Length >= 8)
                dropped += Math.Min(Eight(options.Value), long.MaxValue);
        }
        Of(Four(body))?.LostSoFar(dropped);
        return true;
    }

    private bool TakeSecrets(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
            return false;
        var length = Four(body[4..]);
        if (length > body.Length - 8)
            return false;
        if (Four(body) == TlsKeyLog)
            reading.Secrets?.TakeKeyLog(body.Slice(8, (int)length));
        return true;
    }

    private PcapngInterface? Of(uint number)
    {
        if (number < _interfaces.Count)
            return _interfaces[(int)number];
        if (!_strangerNoted)
            reading.Note($"something is of interface {number}, and the file has told of {_interfaces.Count} in this section.", "Packets of such an interface count as being of an unknown link.");
        _strangerNoted = true;
        return null;
    }

    private ulong Time(ReadOnlySpan<byte> halves) => (ulong)Four(halves) << 32 | Four(halves[4..]);

    private ushort Two(ReadOnlySpan<byte> bytes) => big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint Four(ReadOnlySpan<byte> bytes) => big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ulong Eight(ReadOnlySpan<byte> bytes) => big ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
