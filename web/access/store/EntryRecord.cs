using System.Buffers.Binary;
using Pressure.Agent;
using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>
/// Entries of one frame that were placed by the same estimate, as the payload of a record, numbers big-endian:
/// <code>
/// ring (16)   number of the first (8)   entries of the frame left out before it (4)   entries (4)
/// centre's clock when they came (8)   offset (8)   uncertainty (8), all in 100 ns   the frame as it came (JSON)
/// </code>
/// A record without entries only says how far the ring is stored.
/// </summary>
internal readonly record struct EntryRecord(Guid Ring, long First, int Skip, int Count, DateTimeOffset Received, ClockEstimate Clock)
{
    public const int HeaderLength = 56;

    public void Write(Span<byte> to)
    {
        Ring.TryWriteBytes(to, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(to[16..], First);
        BinaryPrimitives.WriteInt32BigEndian(to[24..], Skip);
        BinaryPrimitives.WriteInt32BigEndian(to[28..], Count);
        BinaryPrimitives.WriteInt64BigEndian(to[32..], Received.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(to[40..], Clock.Offset.Ticks);
        BinaryPrimitives.WriteInt64BigEndian(to[48..], Clock.Uncertainty.Ticks);
    }

    /// <exception cref="InvalidDataException">The payload is no such record.</exception>
    public static EntryRecord Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength)
            throw new InvalidDataException("A record of entries is too short.");
        var received = BinaryPrimitives.ReadInt64BigEndian(payload[32..]);
        var read = new EntryRecord(
            new Guid(payload[..16], bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(payload[16..]),
            BinaryPrimitives.ReadInt32BigEndian(payload[24..]),
            BinaryPrimitives.ReadInt32BigEndian(payload[28..]),
            new DateTimeOffset(Math.Clamp(received, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero),
            new ClockEstimate(TimeSpan.FromTicks(BinaryPrimitives.ReadInt64BigEndian(payload[40..])), TimeSpan.FromTicks(BinaryPrimitives.ReadInt64BigEndian(payload[48..]))));
        return read is { First: >= 0, Skip: >= 0, Count: >= 0 } ? read : throw new InvalidDataException("A record of entries has numbers below zero.");
    }

    /// <summary>The entries of a payload with their times on the centre's clock.</summary>
    /// <exception cref="InvalidDataException">The payload is no such record.</exception>
    public static IEnumerable<StoredEntry> Entries(byte[] payload)
    {
        var record = Read(payload);
        if (record.Count == 0)
            return [];
        if (FrameCodec.Read(payload.AsSpan(HeaderLength)) is not Frame.Entries frame || record.Skip + (long)record.Count > frame.Items.Count)
            throw new InvalidDataException("A record of entries holds another frame.");
        return frame.Items.Skip(record.Skip).Take(record.Count).Select(e => new StoredEntry(e.At + record.Clock.Offset, record.Clock, e));
    }
}
