using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// The messages of unified logging. A pause or cycle is logged when it has ended, with its duration; the line of its begin has none:
/// <code>
/// GC(7) Pause Young (Mixed) (G1 Evacuation Pause)                          its begin
/// GC(7) Eden regions: 25->0(20)                                            details
/// GC(7) Pause Young (Mixed) (G1 Evacuation Pause) 84M->69M(128M) 1.528ms   an event
/// </code>
/// </summary>
internal sealed class UnifiedLog(GcLogState state)
{
    private const int NumberUnknown = -1;
    private readonly ConcurrentCycles _cycles = new(state);
    private long _failed = NumberUnknown;

    public void Take(in UnifiedLine line)
    {
        var message = line.Message;
        var number = TakeNumber(ref message);
        // Generational ZGC says which generation: Y (as part of a major collection), y (minor) or O.
        if (message.Length > 3 && message[1] == ':' && message[0] is (byte)'Y' or (byte)'y' or (byte)'O' or (byte)'o')
        {
            state.Learn(Collectors.Zgc);
            message = message[2..].TrimStart((byte)' ');
        }

        if (message.IsEmpty)
            return;
        switch (message[0])
        {
            case (byte)'P' when message.StartsWith("Pause "u8):
                TakePause(line, message, number);
                break;
            case (byte)'C' when message.StartsWith("Concurrent "u8):
                _cycles.TakePhase(line, message, number);
                break;
            case (byte)'G' when message.StartsWith("Garbage Collection ("u8):
            case (byte)'M' when message.StartsWith("Minor Collection ("u8) || message.StartsWith("Major Collection ("u8):
                _cycles.TakeZgc(line, message, number);
                break;
            case (byte)'A' when message.StartsWith("Allocation Stall ("u8):
            case (byte)'R' when message.StartsWith("Relocation Stall ("u8):
                TakeStall(line, message);
                break;
            case (byte)'T' when message.StartsWith("To-space exhausted"u8):
            case (byte)'P' when message.StartsWith("Promotion failed"u8):
            case (byte)'C' when message.StartsWith("Concurrent mode failure"u8):
                _failed = number ?? NumberUnknown;
                break;
            default:
                LearnCollector(message);
                break;
        }
    }

    public void End() => _cycles.End();

    private void TakePause(in UnifiedLine line, ReadOnlySpan<byte> message, long? number)
    {
        var text = message;
        if (!Figures.TakeDuration(ref text, out var pause))
            return;
        Figures.TakeHeap(ref text, out var heap);
        var name = PauseName.Of(text);
        var (kind, collector, hasCause) = name.Meaning();
        if (collector is not null)
            state.Learn(collector);
        var groups = name.Groups;
        if (kind == GcKind.Young)
        {
            var afterType = groups;
            if (PauseName.YoungOf(PauseName.TakeGroup(ref afterType)) is { } byType)
            {
                state.Learn(Collectors.G1);
                kind = byType;
                groups = afterType;
            }
        }

        var reason = hasCause ? state.Reasons.Of(PauseName.TakeGroup(ref groups)) : "";
        if (kind == GcKind.AllocationStall)
            reason = state.Reasons.Of(text["Pause ".Length..]);
        else if (groups.IndexOf("Evacuation Failure: Allocation"u8) >= 0)
            (kind, reason) = (GcKind.AllocationStall, reason + " (evacuation failure)");
        else if (_failed != NumberUnknown && _failed == number && kind is GcKind.Young or GcKind.Mixed or GcKind.InitialMark && state.Collector == Collectors.G1)
            (kind, reason) = (GcKind.AllocationStall, reason + " (to-space exhausted)");
        if (kind == GcKind.Unknown)
        {
            reason = state.Reasons.Of(text);
            state.CountUnknown();
        }

        if (collector == Collectors.Shenandoah || state.Collector == Collectors.Shenandoah)
            _cycles.TakeShenandoahPause(name.Name, number);
        else if (name.Name.SequenceEqual("Pause Initial Mark"u8))
            _cycles.Begin(line.Time().Minus(pause), number);
        state.Take(kind, reason, line.Time().Minus(pause), pause, pause, number, heap);
    }

    /// <summary>One thread waited, the others went on: its duration counts, but not as a pause of the process.</summary>
    private void TakeStall(in UnifiedLine line, ReadOnlySpan<byte> message)
    {
        state.Learn(Collectors.Zgc);
        if (Figures.TakeDuration(ref message, out var waited))
            state.Take(GcKind.AllocationStall, state.Reasons.Of(message), line.Time().Minus(waited), TimeSpan.Zero, waited, null, default);
    }

    private void LearnCollector(ReadOnlySpan<byte> message)
    {
        if (Collectors.OfBanner(message) is { } named)
            state.LearnForSure(named);
        else if (message.StartsWith("PSYoungGen: "u8))
            state.Learn(Collectors.Parallel);
        else if (message.StartsWith("DefNew: "u8))
            state.Learn(Collectors.Serial);
        else if (message.StartsWith("ParNew: "u8))
            state.Learn(Collectors.Cms);
        else if (message.StartsWith("Eden regions: "u8))
            state.Learn(Collectors.G1);
    }

    /// <summary>Takes <c>GC(12) </c> off the begin.</summary>
    private static long? TakeNumber(ref ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith("GC("u8))
            return null;
        var end = message.IndexOf((byte)')');
        if (end < 0 || !Figures.TryFixed(message[3..end], 0, out var number))
            return null;
        message = message[(end + 1)..].TrimStart((byte)' ');
        return number;
    }
}
