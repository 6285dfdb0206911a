using System.Text;

namespace Pressure.Agent;

/// <summary>What a .NET runtime tells of a collection, step by step. A closed set: every step is nested here.</summary>
/// <param name="At">When, in ticks of the stream's clock.</param>
internal abstract record GcStep(long At)
{
    private const int StartEvent = 1, EndEvent = 2, SizesEvent = 4, RestartEvent = 7, SuspendEvent = 9, NamedEvent = 39, HistoryEvent = 204;
    private static readonly byte[] CommittedName = Encoding.Unicode.GetBytes("CommittedUsage");

    /// <summary>Numbers of the events that are read.</summary>
    public static ReadOnlySpan<int> Events => [StartEvent, EndEvent, SizesEvent, RestartEvent, SuspendEvent, NamedEvent, HistoryEvent];

    /// <summary>Threads are asked to stop: for a collection or a background one's next part, or (neither) for a debugger and the like.</summary>
    public sealed record Suspending(long At, bool ForGc, bool ForBackground) : GcStep(At);

    /// <summary>Threads are let go.</summary>
    public sealed record Restarting(long At) : GcStep(At);

    /// <summary>A collection begins.</summary>
    public sealed record Started(long At, long Number, int Generation, int Reason, bool Background) : GcStep(At);

    /// <summary>Sizes of one heap's generations before and after (a server's process has several heaps).</summary>
    public sealed record HeapHistory(long At, long[] Before, long[] After) : GcStep(At);

    /// <summary>What the heap has taken from the system; told since .NET 7.</summary>
    public sealed record Committed(long At, long Size) : GcStep(At);

    /// <summary>A collection ends.</summary>
    public sealed record Done(long At, long Number) : GcStep(At);

    /// <summary>Sizes of all heaps' generations, told right after a collection's end.</summary>
    public sealed record HeapSizes(long At, long[] Generations) : GcStep(At);

    /// <summary>Reads an event; null for those that tell nothing of this.</summary>
    /// <exception cref="InvalidDataException">Its fields are cut off.</exception>
    public static GcStep? Read(in RuntimeEvent from)
    {
        var fields = new SpanCursor(from.Payload);
        switch (from.Id)
        {
            case SuspendEvent: // reason (1 for a collection, 6 for a part of one), count
                var why = fields.Int();
                return new Suspending(from.At, why is 1 or 6, why == 6);
            case RestartEvent:
                return new Restarting(from.At);
            case StartEvent: // count, generation, reason, type (1 is background)
                return new Started(from.At, fields.UInt(), fields.Int(), fields.Int(), fields.Int() == 1);
            case EndEvent: // count, generation
                return new Done(from.At, fields.UInt());
            case SizesEvent:
                return ReadSizes(from.At, ref fields);
            case NamedEvent:
                return ReadNamed(from.At, ref fields);
            case HistoryEvent:
                return ReadHistory(from, ref fields);
            default:
                return null;
        }
    }

    // Generations 0 to 3 (the last is that of large objects): size and promoted bytes, figures of handles, then the pinned heap since .NET 5.
    private static HeapSizes ReadSizes(long at, ref SpanCursor fields)
    {
        var sizes = new long[5];
        for (var generation = 0; generation < 4; generation++)
        {
            sizes[generation] = Bytes(fields.Long());
            fields.Skip(8);
        }
        fields.Skip((2 * 8) + (3 * 4) + 2);
        if (fields.Has(8))
            sizes[4] = Bytes(fields.Long());
        return new HeapSizes(at, sizes);
    }

    // Name, size, then (for this name) a version and bytes in use, to be given back, free within the heaps, free outside of them.
    private static Committed? ReadNamed(long at, ref SpanCursor fields)
    {
        if (!fields.Utf16().SequenceEqual(CommittedName) || fields.Int() < 2 + (4 * 8) || fields.Short() != 1)
            return null;
        return new Committed(at, Bytes(fields.Long()) + Bytes(fields.Long()) + Bytes(fields.Long()) + Bytes(fields.Long()));
    }

    // Instance; six pointers and six ints about this collection; a pointer; then ten pointers for each generation.
    private static HeapHistory? ReadHistory(in RuntimeEvent from, ref SpanCursor fields)
    {
        fields.Skip(2 + (7 * from.PointerSize) + (6 * 4));
        var count = fields.Int();
        if (count is < 1 or > 8)
            return null;
        var (before, after) = (new long[5], new long[5]);
        for (var generation = 0; generation < count; generation++)
        {
            var (was, _, _, became) = (fields.Pointer(from.PointerSize), fields.Pointer(from.PointerSize), fields.Pointer(from.PointerSize), fields.Pointer(from.PointerSize));
            fields.Skip(6 * from.PointerSize);
            if (generation < 5)
                (before[generation], after[generation]) = (Bytes(was), Bytes(became));
        }
        return new HeapHistory(from.At, before, after);
    }

    // No machine has a petabyte of memory: sums of these can't run over.
    private static long Bytes(long size) =>
        size is >= 0 and <= 1L << 50 ? size : throw new InvalidDataException($"The stream of events tells of a heap of {size} bytes.");
}
