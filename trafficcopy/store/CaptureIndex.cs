using System.Buffers;

namespace Pressure.TrafficCopy;

/// <summary>Where a block is, from when to when it goes, and which of its exchanges are their connections' last.</summary>
/// <param name="At">Place of its record in the file.</param>
/// <param name="Payload">Bytes of the record's payload.</param>
/// <param name="Exchanges">How many.</param>
/// <param name="FirstKey">Key of the first.</param>
/// <param name="LastKey">Key of the last.</param>
/// <param name="LastBits">A bit for each exchange; empty when it is not known.</param>
internal readonly record struct IndexEntry(long At, int Payload, int Exchanges, long FirstKey, long LastKey, byte[] LastBits)
{
    /// <summary>Whether an exchange is known to be its connection's last.</summary>
    public bool IsLast(int place) => place >> 3 < LastBits.Length && (LastBits[place >> 3] & (1 << (place & 7))) != 0;
}

/// <summary>Index records: <c>kind (1)  entries  { place, payload, exchanges, first key, last - first, length of bits, bits } ...</c></summary>
internal static class CaptureIndex
{
    private const int EntryBound = 6 * Varint.Longest;
    private const int RecordSize = 1 << 20;

    /// <summary>Writes entries into one payload, as many as fit well; gives how many.</summary>
    public static int Write(ReadOnlySpan<IndexEntry> entries, ArrayBufferWriter<byte> payload)
    {
        var taken = 0;
        for (var size = 0; taken < entries.Length && (taken == 0 || size < RecordSize); taken++)
            size += EntryBound + entries[taken].LastBits.Length;
        Span<byte> head = stackalloc byte[1 + Varint.Longest];
        head[0] = (byte)RecordKind.Index;
        payload.Write(head[..(1 + Varint.Write(head[1..], (uint)taken))]);
        foreach (ref readonly var entry in entries[..taken])
            Write(entry, payload);
        return taken;
    }

    /// <summary>Adds the entries of a payload to those before; they have to rise, so that no block counts twice.</summary>
    /// <exception cref="InvalidDataException">The payload is wrong.</exception>
    public static void Read(ReadOnlySpan<byte> payload, long end, List<IndexEntry> entries)
    {
        var reader = new EntryReader(payload);
        reader.Byte();
        for (var left = reader.Count(); left > 0; left--)
        {
            var last = entries.Count == 0 ? 0 : entries[^1].At + StoreFormat.RecordLength(entries[^1].Payload);
            var entry = ReadEntry(ref reader);
            if (entry.At < last || entry.At > end - StoreFormat.RecordLength(entry.Payload))
                throw new InvalidDataException("its index leads to wrong places");
            entries.Add(entry);
        }
    }

    private static void Write(in IndexEntry entry, ArrayBufferWriter<byte> payload)
    {
        var writer = new EntryWriter(payload.GetSpan(EntryBound + entry.LastBits.Length));
        writer.Number((ulong)entry.At);
        writer.Number((uint)entry.Payload);
        writer.Number((uint)entry.Exchanges);
        writer.Signed(entry.FirstKey);
        writer.Signed(entry.LastKey - entry.FirstKey);
        writer.Number((uint)entry.LastBits.Length);
        writer.Bytes(entry.LastBits);
        payload.Advance(writer.Length);
    }

    private static IndexEntry ReadEntry(ref EntryReader reader)
    {
        var (at, payload, exchanges) = (reader.Number(), reader.Number(), reader.Number());
        var first = reader.Signed();
        var last = unchecked(first + reader.Signed());
        var bits = reader.Bytes(reader.Count()).ToArray();
        if (at > long.MaxValue || payload is 0 or > StoreFormat.MaxBlock + BlockRecord.HeaderLength || exchanges is 0 or > StoreFormat.MaxBlock || bits.Length > ((long)exchanges + 7) / 8)
            throw new InvalidDataException("its index is wrong");
        return new((long)at, (int)payload, (int)exchanges, first, last, bits);
    }
}
