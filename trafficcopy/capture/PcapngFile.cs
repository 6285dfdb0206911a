using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads Wireshark's format: sections of blocks, each with its type, its length, its body and its length again.
/// Source: www.ietf.org/archive/id/draft-ietf-opsawg-pcapng.
/// </summary>
internal sealed class PcapngFile
{
    private const uint ByteOrder = 0x1A2B3C4D;
    private const int BlockFrame = 12;
    private const uint MaxLong = 1 << 28;

    private readonly CaptureReading _reading;
    private readonly FileWindow _window;
    private PcapngSection _section;
    private bool _big;

    private PcapngFile(CaptureReading reading) => (_reading, _window, _section) = (reading, reading.Window, new PcapngSection(reading, big: false));

    /// <summary>A reader when the file begins like this format.</summary>
    public static PcapngFile? Of(CaptureReading reading) =>
        reading.Window.Peek(4) is { Length: 4 } start && BinaryPrimitives.ReadUInt32BigEndian(start) == PcapngBlock.Section ? new PcapngFile(reading) : null;

    /// <summary>Reads it to its end.</summary>
    public void Read()
    {
        while (Next())
        {
        }
        _section.Close();
    }

    private bool Next()
    {
        var head = _window.Peek(BlockFrame);
        if (head.Length < BlockFrame)
        {
            if (!head.IsEmpty)
                _reading.NoteCut("the header of a block", BlockFrame);
            return false;
        }
        var type = Four(head);
        if (type == PcapngBlock.Section && !Orient(head))
            return Resynchronise("a section begins with an unknown byte order.");
        var length = Four(head[4..]);
        if (length < BlockFrame || length % 4 != 0)
            return Resynchronise($"a block of type {type:X8} is said to be {length:N0} bytes long, which can't be.");
        return length > FileWindow.MaxPiece ? Long(type, length) : Whole(type, (int)length);
    }

    private bool Whole(uint type, int length)
    {
        var block = _window.Peek(length);
        if (block.Length < length)
        {
            _reading.NoteCut($"a block of type {type:X8}", length);
            return false;
        }
        if (Four(block[^4..]) != length)
            return Resynchronise($"a block of type {type:X8} ends with another length than it begins with.");
        if (type == PcapngBlock.Section)
        {
            _section.Close();
            _section = new PcapngSection(_reading, _big);
        }
        _section.Take(type, block[8..^4]);
        _window.Advance(length);
        return true;
    }

    // Too long to be looked at in one piece, as names, secrets and foreign blocks may be.
    private bool Long(uint type, uint length)
    {
        if (!PcapngBlock.MayBeLong(type) || length > MaxLong)
            return Resynchronise($"a block of type {type:X8} is said to be {length:N0} bytes long, which can't be.");
        var start = _window.Offset;
        _window.Advance(8);
        var left = (long)length - BlockFrame;
        if (type == PcapngBlock.Secrets)
            left -= _section.TakeLongSecrets(left);
        if (_window.Skip(left) < left || _window.Peek(4).Length < 4)
        {
            if (_window is { Stopped: false, Trouble: null })
                _reading.Note(start, $"the file ends within a block of {length:N0} bytes.", "Everything before it was read.");
            return false;
        }
        if (Four(_window.Peek(4)) != length)
            return Resynchronise($"a block of type {type:X8} ends with another length than it begins with.");
        _window.Advance(4);
        return true;
    }

    // A section tells its byte order, and its own length is written in it.
    private bool Orient(ReadOnlySpan<byte> head)
    {
        var big = BinaryPrimitives.ReadUInt32BigEndian(head[8..]) == ByteOrder;
        if (!big && BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) != ByteOrder)
            return false;
        _big = big;
        return true;
    }

    // Goes on to the next block that is whole and of a known type.
    private bool Resynchronise(string what)
    {
        var (from, order) = (_window.Offset, _big);
        bool found, more;
        do
        {
            _big = order;
            _window.Skip(Math.Max(1, _window.Zeros(BlockFrame)));
            (found, more) = (LooksLikeBlock(), _window.Peek(BlockFrame).Length == BlockFrame);
        }
        while (!found && more);
        if (!found)
            _window.Skip(BlockFrame);
        if (!_window.Stopped)
            _reading.Note(from, what, $"The file is damaged here: {_window.Offset - from:N0} bytes were passed over, {(found ? "up to the next block" : "up to its end")}.");
        return found;
    }

    private bool LooksLikeBlock()
    {
        var head = _window.Peek(BlockFrame);
        if (head.Length < BlockFrame)
            return false;
        var type = Four(head);
        if (type == PcapngBlock.Section ? !Orient(head) : !PcapngBlock.IsKnown(type))
            return false;
        var length = Four(head[4..]);
        if (length is < BlockFrame or > FileWindow.MaxPiece || length % 4 != 0)
            return false;
        var block = _window.Peek((int)length);
        return block.Length == length && Four(block[^4..]) == length;
    }

    private uint Four(ReadOnlySpan<byte> bytes) => _big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
