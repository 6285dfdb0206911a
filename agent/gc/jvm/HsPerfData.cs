using System.Buffers.Binary;
using System.Text;

namespace Pressure.Agent;

/// <summary>
/// The performance counters that a HotSpot JVM keeps in a mapped file, <c>/tmp/hsperfdata_USER/PID</c>, which <c>jstat</c> reads too: a header, then
/// entries with a name, a type and a value at a fixed place. Places are looked up once; a look afterwards is one read of the file.
/// <code>
/// 0 magic CA FE C0 C0 | 4 byte order (1 little) | 5 version 2.x | 7 accessible | ... | 24 first entry at | 28 entries
/// entry: length, name at, elements, type (J long, B bytes), flags, units, variability, value at (places within the entry)
/// </code>
/// </summary>
internal sealed class HsPerfData
{
    private const uint Magic = 0xCAFEC0C0;
    private const int HeaderSize = 32;
    private const int EntrySize = 20;
    private const int LargestFile = 1 << 20;
    private readonly Dictionary<string, (int Place, int Length)> _places = new(StringComparer.Ordinal);
    private byte[] _bytes;

    private HsPerfData(byte[] bytes) => _bytes = bytes;

    /// <summary>Reads the places of all counters; null if the file is none of these, or not complete yet.</summary>
    public static HsPerfData? Read(byte[] bytes)
    {
        if (bytes.Length is < HeaderSize or > LargestFile || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic || bytes[4] != 1 || bytes[5] != 2 || bytes[7] != 1)
            return null;
        var data = new HsPerfData(bytes);
        var at = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(24));
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(28));
        for (var n = 0; n < count && at >= HeaderSize && at <= bytes.Length - EntrySize; n++)
        {
            var entry = bytes.AsSpan(at);
            var length = BinaryPrimitives.ReadInt32LittleEndian(entry);
            var name = BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);
            var elements = BinaryPrimitives.ReadInt32LittleEndian(entry[8..]);
            var value = BinaryPrimitives.ReadInt32LittleEndian(entry[16..]);
            var size = entry[12] == 'J' ? 8 : elements;
            if (length < EntrySize || length > entry.Length || name < EntrySize || value < name || size < 0 || value > length - size)
                return null;
            var text = entry[name..value];
            var zero = text.IndexOf((byte)0);
            data._places[Encoding.ASCII.GetString(zero < 0 ? text : text[..zero])] = (at + value, size);
            at += length;
        }

        return data;
    }

    /// <summary>The file's bytes as they are now; the places stay. False if it is another file.</summary>
    public bool Renew(byte[] bytes)
    {
        if (bytes.Length < _bytes.Length)
            return false;
        _bytes = bytes;
        return true;
    }

    /// <summary>A number; null if there is none of the name.</summary>
    public long? Number(string name) =>
        _places.TryGetValue(name, out var place) && place.Length == 8 ? BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(place.Place)) : null;

    /// <summary>A text; null if there is none of the name.</summary>
    public string? Text(string name)
    {
        if (!_places.TryGetValue(name, out var place))
            return null;
        var text = _bytes.AsSpan(place.Place, place.Length);
        var zero = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(zero < 0 ? text : text[..zero]);
    }
}
