using System.Text;

namespace Pressure.Agent;

/// <summary>
/// Takes blocks of events apart. An event's header tells only what differs from the event before it:
/// <code>
/// flags | metadata id | sequence, thread, processor | thread | stack | ticks since the last | activities | size | payload
///   1         1                      2                  4       8            always            16, 32      128
/// </code>
/// What an event is stands in a block of metadata before it, under the id that the event names.
/// </summary>
internal sealed class EventBlock(INettraceSink sink)
{
    private const int MostKinds = 4096;
    private static readonly byte[] Runtime = Encoding.Unicode.GetBytes("Microsoft-Windows-DotNETRuntime");

    // The runtime's own events by the stream's id for them.
    private readonly Dictionary<int, int> _kinds = [];

    public int PointerSize { get; set; } = 8;

    /// <summary>Hands the runtime's events on.</summary>
    public void Read(ReadOnlySpan<byte> block)
    {
        var blobs = Open(block);
        var header = new Header();
        while (!blobs.AtEnd)
        {
            header.Read(ref blobs);
            var payload = blobs.Bytes(header.PayloadSize);
            if (_kinds.TryGetValue(header.MetadataId, out var id))
                sink.Take(new RuntimeEvent { Id = id, At = header.Ticks, IsSorted = header.IsSorted, PointerSize = PointerSize, Payload = payload });
        }
    }

    /// <summary>Learns what events are.</summary>
    public void ReadMetadata(ReadOnlySpan<byte> block)
    {
        var blobs = Open(block);
        var header = new Header();
        while (!blobs.AtEnd)
        {
            header.Read(ref blobs);
            var payload = new SpanCursor(blobs.Bytes(header.PayloadSize));
            var id = payload.Int();
            if (!payload.Utf16().SequenceEqual(Runtime))
                continue;
            if (_kinds.Count == MostKinds)
                throw new InvalidDataException($"The stream has more than {MostKinds} kinds of events.");
            _kinds[id] = payload.Int();
        }
    }

    private static SpanCursor Open(ReadOnlySpan<byte> block)
    {
        var cursor = new SpanCursor(block);
        var headerSize = cursor.Short();
        var flags = cursor.Short();
        if (headerSize < 4)
            throw new InvalidDataException("A block of events has no header.");
        if ((flags & 1) == 0)
            throw new InvalidDataException("The stream's events have headers of a kind that no runtime writes.");
        cursor.Skip(headerSize - 4);
        return cursor;
    }

    private struct Header
    {
        private const byte HasMetadata = 1, HasSequence = 2, HasThread = 4, HasStack = 8, HasActivity = 16, HasRelated = 32, Sorted = 64, HasSize = 128;

        public int MetadataId { get; private set; }

        public long Ticks { get; private set; }

        public bool IsSorted { get; private set; }

        public int PayloadSize { get; private set; }

        public void Read(ref SpanCursor from)
        {
            var flags = from.Byte();
            if ((flags & HasMetadata) != 0)
                MetadataId = (int)(from.VarInt(32) & 0x7fff_ffff);
            if ((flags & HasSequence) != 0)
            {
                from.VarInt(32);
                from.VarInt(64);
                from.VarInt(32);
            }
            if ((flags & HasThread) != 0)
                from.VarInt(64);
            if ((flags & HasStack) != 0)
                from.VarInt(32);
            Ticks = unchecked(Ticks + (long)from.VarInt(64));
            if ((flags & HasActivity) != 0)
                from.Skip(16);
            if ((flags & HasRelated) != 0)
                from.Skip(16);
            IsSorted = (flags & Sorted) != 0;
            if ((flags & HasSize) != 0)
                PayloadSize = (int)Math.Min(from.VarInt(32), int.MaxValue);
        }
    }
}
