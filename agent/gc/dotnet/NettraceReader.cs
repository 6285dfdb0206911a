using System.Text;

namespace Pressure.Agent;

/// <summary>
/// Reads a .NET runtime's stream of events (<c>nettrace</c>, version 4) as far as collections need it: events of the runtime itself, by
/// their number. Bytes are pushed in as they come, cut anywhere; memory is bounded by the longest block.
/// <code>
/// Nettrace !FastSerialization.1 [Trace] [MetadataBlock | EventBlock | StackBlock | SPBlock]... end
///                                  |         |              |            \          |
///                                Clock   id -> event     events        skipped   barrier
/// </code>
/// The clock is told before the first event. Not trusted: sizes are limited, and what does not fit the format ends the reading (<see cref="InvalidDataException"/>).
/// </summary>
internal sealed class NettraceReader(INettraceSink sink, Action<NettraceClock>? begun = null)
{
    /// <summary>Bytes of the longest block; the runtime's own have 100 KB.</summary>
    public const int LongestBlock = 1024 * 1024;

    private const string Serialization = "!FastSerialization.1";
    private const byte Null = 1, Begin = 5, End = 6;
    private const int TraceBytes = 48;

    private readonly EventBlock _events = new(sink);
    private byte[] _buffer = new byte[16 * 1024];
    private int _length;
    private long _position; // of the buffer's first byte in the stream: blocks are aligned to the stream
    private bool _begun;

    /// <summary>The clock of the events; null before the stream has told it.</summary>
    public NettraceClock? Clock { get; private set; }

    /// <summary>Whether the stream's own end was read.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Room for the next bytes of the stream, never empty.</summary>
    public Memory<byte> Room()
    {
        if (_length == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        return _buffer.AsMemory(_length);
    }

    /// <summary>Takes the bytes that were put into <see cref="Room"/>, and hands on every event that is whole.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such stream.</exception>
    public void Advance(int count)
    {
        _length += count;
        var used = 0;
        while (!AtEnd)
        {
            var cursor = new SpanCursor(_buffer.AsSpan(used, _length - used));
            if (!(_begun ? TryObject(ref cursor, _position + used) : TryBegin(ref cursor)))
                break;
            used += cursor.Offset;
        }
        _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
        _length -= used;
        _position += used;
        if (AtEnd)
            _length = 0;
    }

    private bool TryBegin(ref SpanCursor cursor)
    {
        if (!cursor.Has(8 + 4 + Serialization.Length))
            return false;
        if (!cursor.Bytes(8).SequenceEqual("Nettrace"u8) || cursor.Int() != Serialization.Length || Encoding.ASCII.GetString(cursor.Bytes(Serialization.Length)) != Serialization)
            throw new InvalidDataException("The stream of events does not begin as one.");
        return _begun = true;
    }

    private bool TryObject(ref SpanCursor cursor, long position)
    {
        if (!cursor.Has(1))
            return false;
        var tag = cursor.Byte();
        if (tag == Null)
            return AtEnd = true;
        if (!cursor.Has(2 + 4 + 4 + 4))
            return false;
        if (tag != Begin || cursor.Byte() != Begin || cursor.Byte() != Null)
            throw Broken("an object", position);
        cursor.Skip(4);
        var oldestReader = cursor.Int();
        var nameLength = cursor.Int();
        if (nameLength is < 1 or > 32)
            throw Broken("the name of an object", position);
        if (!cursor.Has(nameLength + 1))
            return false;
        var name = Encoding.ASCII.GetString(cursor.Bytes(nameLength));
        if (cursor.Byte() != End)
            throw Broken(name, position);
        if (name == "Trace")
            return TryTrace(ref cursor, oldestReader, position);
        if (oldestReader > 2)
            throw new InvalidDataException($"The stream's {name} needs a newer reader ({oldestReader}).");
        return TryBlock(ref cursor, name, position);
    }

    private bool TryTrace(ref SpanCursor cursor, int oldestReader, long position)
    {
        if (oldestReader > 4)
            throw new InvalidDataException($"The stream of events needs a newer reader ({oldestReader}).");
        if (!cursor.Has(TraceBytes + 1))
            return false;
        cursor.Skip(16); // its wall clock: events are placed by the monotonic one
        var sync = cursor.Long();
        var frequency = cursor.Long();
        var pointer = cursor.Int();
        cursor.Skip(12);
        if (Clock is not null || frequency is < 1 or > 1_000_000_000_000 || pointer is not (4 or 8) || cursor.Byte() != End)
            throw Broken("Trace", position);
        Clock = new NettraceClock(sync, frequency);
        _events.PointerSize = pointer;
        begun?.Invoke(Clock.Value);
        return true;
    }

    private bool TryBlock(ref SpanCursor cursor, string name, long position)
    {
        if (!cursor.Has(4))
            return false;
        var size = cursor.Int();
        if (Clock is null || size is < 0 or > LongestBlock)
            throw Broken(name, position);
        var padding = (int)(-(position + cursor.Offset) & 3);
        if (!cursor.Has(padding + size + 1))
            return false;
        cursor.Skip(padding);
        var block = cursor.Bytes(size);
        if (cursor.Byte() != End)
            throw Broken(name, position);
        switch (name)
        {
            case "MetadataBlock":
                _events.ReadMetadata(block);
                break;
            case "EventBlock":
                _events.Read(block);
                break;
            case "SPBlock":
                sink.Barrier();
                break;
        }
        return true;
    }

    private static InvalidDataException Broken(string what, long position) => new($"The stream of events is broken: {what} at byte {position}.");
}

/// <summary>The clock that a stream's events are stamped with.</summary>
/// <param name="Sync">Its ticks when the stream began.</param>
/// <param name="Frequency">Ticks per second.</param>
internal readonly record struct NettraceClock(long Sync, long Frequency);

/// <summary>Takes what a stream tells.</summary>
internal interface INettraceSink
{
    /// <summary>An event of the runtime. Not in the order of time; see <see cref="RuntimeEvent.IsSorted"/>.</summary>
    void Take(in RuntimeEvent what);

    /// <summary>No later event is older than any before.</summary>
    void Barrier();
}

/// <summary>An event of the runtime.</summary>
internal readonly ref struct RuntimeEvent
{
    /// <summary>What it is.</summary>
    public required int Id { get; init; }

    /// <summary>When, in ticks of the stream's clock.</summary>
    public required long At { get; init; }

    /// <summary>No later event is older than this one.</summary>
    public required bool IsSorted { get; init; }

    /// <summary>Bytes of a pointer.</summary>
    public required int PointerSize { get; init; }

    /// <summary>Its fields, one after the other.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }
}
