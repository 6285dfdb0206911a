using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads tcpdump's format: a header of 24 bytes, then packets with 16 bytes before each.
/// Source: www.ietf.org/archive/id/draft-ietf-opsawg-pcap.
/// </summary>
internal sealed class PcapFile
{
    private const int FileHeader = 24;
    private const int PacketHeader = 16;
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;

    private readonly CaptureReading _reading;
    private readonly FileWindow _window;
    private readonly bool _big;
    private readonly uint _magic;
    private readonly uint _unitsPerSecond;
    private LinkType _link;
    private bool _fractionNoted;

    private PcapFile(CaptureReading reading, bool big, uint magic)
    {
        (_reading, _window, _big, _magic) = (reading, reading.Window, big, magic);
        _unitsPerSecond = magic == Nanoseconds ? 1_000_000_000u : 1_000_000u;
    }

    /// <summary>A reader when the file begins like this format.</summary>
    public static PcapFile? Of(CaptureReading reading)
    {
        var start = reading.Window.Peek(4);
        if (start.Length < 4)
            return null;
        var (little, big) = (BinaryPrimitives.ReadUInt32LittleEndian(start), BinaryPrimitives.ReadUInt32BigEndian(start));
        if (little is Microseconds or Nanoseconds)
            return new PcapFile(reading, big: false, little);
        return big is Microseconds or Nanoseconds ? new PcapFile(reading, big: true, big) : null;
    }

    /// <summary>Reads it to its end.</summary>
    public void Read()
    {
        if (!Begin())
            return;
        while (Next())
        {
        }
    }

    private bool Begin()
    {
        var header = _window.Peek(FileHeader);
        if (header.Length < FileHeader)
        {
            _reading.NoteCut("its header", FileHeader);
            return false;
        }
        var version = _big ? BinaryPrimitives.ReadUInt16BigEndian(header[4..]) : BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (version != 2)
        {
            _reading.Note($"it is a pcap file of version {version}, and only version 2 is known.", "Convert it with: editcap -F pcap.");
            return false;
        }
        // The upper bits tell of checksums at the end of frames, which nobody looks at.
        _link = (LinkType)(Four(header[20..]) & 0x03FF_FFFF);
        _window.Advance(FileHeader);
        return true;
    }

    private bool Next()
    {
        var header = _window.Peek(PacketHeader);
        if (header.Length < PacketHeader)
        {
            if (!header.IsEmpty)
                _reading.NoteCut("the header of a packet", PacketHeader);
            return false;
        }
        var (seconds, fraction, captured, length) = (Four(header), Four(header[4..]), Four(header[8..]), Four(header[12..]));
        if (captured > CaptureReading.MaxPacket)
            return Resynchronise($"a packet is said to be {captured:N0} bytes long, and {CaptureReading.MaxPacket:N0} is the most that can be.");
        if ((seconds | fraction | captured | length) == 0)
            return Resynchronise("there are only zeros where a packet should begin.");
        if (fraction >= _unitsPerSecond)
            NoteFraction(fraction);
        if (captured == 0 && seconds == _magic && length == 0)
            return Begin();
        var packet = _window.Peek(PacketHeader + (int)captured);
        if (packet.Length < PacketHeader + (int)captured)
        {
            _reading.NoteCut("a packet", PacketHeader + captured);
            return false;
        }
        _reading.Take(Time(seconds, fraction), _link, packet[PacketHeader..], length);
        _window.Advance(PacketHeader + (int)captured);
        return true;
    }

    // Looks for two packets' headers one after the other that make sense, or for one with the file's end behind it.
    private bool Resynchronise(string what)
    {
        var from = _window.Offset;
        do
            _window.Advance(Math.Max(1, _window.Zeros(PacketHeader)));
        while (!LooksLikePackets() && _window.Peek(PacketHeader).Length == PacketHeader);
        var found = _window.Peek(PacketHeader).Length == PacketHeader;
        var passed = found ? _window.Offset - from : _window.Offset - from + _window.Skip(PacketHeader);
        _reading.Note(from, what, $"The file is damaged here: {passed:N0} bytes were passed over, {(found ? "up to the next packet" : "up to its end")}.");
        return found;
    }

    private void NoteFraction(uint fraction)
    {
        if (!_fractionNoted)
            _reading.Note($"a packet's time has a fraction of {fraction:N0}, and there are only {_unitsPerSecond:N0} in a second.", "Times of this file can't be relied on; packets were read.");
        _fractionNoted = true;
    }

    private bool LooksLikePackets()
    {
        var header = _window.Peek(PacketHeader);
        if (!LooksLikePacket(header))
            return false;
        var end = PacketHeader + (int)Four(header[8..]);
        var all = _window.Peek(end + PacketHeader);
        return all.Length == end || (all.Length == end + PacketHeader && LooksLikePacket(all[end..]));
    }

    private bool LooksLikePacket(ReadOnlySpan<byte> header)
    {
        const uint day = 86_400;
        if (header.Length < PacketHeader)
            return false;
        var (seconds, captured, length) = (Four(header), Four(header[8..]), Four(header[12..]));
        return captured is > 0 and <= CaptureReading.MaxPacket && captured <= length && length <= 1 << 20 && Four(header[4..]) < _unitsPerSecond
            && (!_reading.HasPackets || Math.Abs(seconds - _reading.LastAt / 1_000_000_000) < day);
    }

    private long Time(uint seconds, uint fraction) => seconds * 1_000_000_000L + fraction * (1_000_000_000L / _unitsPerSecond);

    private uint Four(ReadOnlySpan<byte> bytes) => _big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
