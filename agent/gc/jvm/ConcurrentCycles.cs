using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// Cycles beside the program. G1 and ZGC log a cycle's end; of CMS and Shenandoah there are only the phases, so a cycle is put together:
/// CMS's goes from its initial mark to the end of its concurrent reset, Shenandoah's from its concurrent reset to its last phase.
/// </summary>
internal sealed class ConcurrentCycles(GcLogState state)
{
    private const int MostOpen = 8;
    private readonly Dictionary<long, LogTime> _begun = [];
    private Shenandoah? _shenandoah;

    /// <summary>A line that begins with <c>Concurrent </c>; only those with a duration tell of something that ended.</summary>
    public void TakePhase(in UnifiedLine line, ReadOnlySpan<byte> message, long? number)
    {
        var text = message;
        var ended = Figures.TakeDuration(ref text, out var duration);
        if (ended && (text.SequenceEqual("Concurrent Mark Cycle"u8) || text.SequenceEqual("Concurrent Cycle"u8) || text.SequenceEqual("Concurrent Undo Cycle"u8)))
        {
            state.Learn(Collectors.G1);
            state.Take(GcKind.ConcurrentCycle, "", line.Time().Minus(duration), TimeSpan.Zero, duration, number, default);
        }
        else if (ended && text.SequenceEqual("Concurrent Reset"u8) && number is { } cms && _begun.Remove(cms, out var begun))
        {
            var now = line.Time();
            state.Take(GcKind.ConcurrentCycle, "", begun, TimeSpan.Zero, now.Since(begun), number, default);
        }
        else if (text.SequenceEqual("Concurrent reset"u8) && number is not null)
        {
            state.Learn(Collectors.Shenandoah);
            if (!ended || _shenandoah?.Number != number)
                BeginShenandoah(line.Time().Minus(duration), number);
        }
        else if (ended && _shenandoah is { } cycle && cycle.Number == number)
        {
            var isHeap = Figures.TakeHeap(ref text, out var heap);
            _shenandoah = cycle with
            {
                End = line.Time(),
                Heap = isHeap ? new HeapUse(cycle.Heap.Before ?? heap.Before, heap.After, heap.Committed) : cycle.Heap,
            };
            if (cycle.IsLast && text.StartsWith("Concurrent cleanup"u8))
                End();
        }
    }

    /// <summary>A pause after which a CMS cycle goes on, maybe.</summary>
    public void Begin(LogTime at, long? number)
    {
        if (number is not { } n)
            return;
        if (_begun.Count >= MostOpen)
            _begun.Clear();
        _begun[n] = at;
    }

    /// <summary>ZGC's cycle: its begin is logged too, and some versions leave the duration out.</summary>
    public void TakeZgc(in UnifiedLine line, ReadOnlySpan<byte> message, long? number)
    {
        state.Learn(Collectors.Zgc);
        var text = message;
        var isTimed = Figures.TakeDuration(ref text, out var duration);
        if (!Figures.TakeHeap(ref text, out var heap))
        {
            Begin(line.Time(), number);
            return;
        }

        var now = line.Time();
        var begin = isTimed ? now.Minus(duration) : now;
        if (number is { } n && _begun.Remove(n, out var begun) && !isTimed)
        {
            duration = now.Since(begun);
            begin = begun;
        }

        var groups = PauseName.Of(text).Groups;
        var kind = message[..2].SequenceEqual("Mi"u8) ? GcKind.Young : GcKind.ConcurrentCycle;
        state.Take(kind, state.Reasons.Of(PauseName.TakeGroup(ref groups)), begin, TimeSpan.Zero, duration, number, heap);
    }

    /// <summary>A pause of Shenandoah: of the cycle under way, or one that ends it.</summary>
    public void TakeShenandoahPause(ReadOnlySpan<byte> name, long? number)
    {
        if (_shenandoah is not { } cycle)
            return;
        if (cycle.Number != number)
            End();
        else if (name.SequenceEqual("Pause Final Update Refs"u8))
            _shenandoah = cycle with { IsLast = true };
    }

    /// <summary>Nothing follows: what is open has ended with its last phase.</summary>
    public void End()
    {
        if (_shenandoah is { } cycle)
            state.Take(GcKind.ConcurrentCycle, "", cycle.Begin, TimeSpan.Zero, cycle.End.Since(cycle.Begin), cycle.Number, cycle.Heap);
        _shenandoah = null;
    }

    private void BeginShenandoah(LogTime at, long? number)
    {
        End();
        _shenandoah = new Shenandoah(number, at, at, default, IsLast: false);
    }

    private readonly record struct Shenandoah(long? Number, LogTime Begin, LogTime End, HeapUse Heap, bool IsLast);
}
