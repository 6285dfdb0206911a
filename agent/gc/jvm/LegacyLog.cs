using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// The log of JDK 8: <c>[date: ][uptime: ][GC (cause) ..., 0.0123 secs] [Times: ...]</c>. The time is that of the begin. G1 tells the heap on a line of
/// its own further down, so its pauses wait for that.
/// </summary>
internal sealed class LegacyLog(GcLogState state)
{
    private readonly LegacyRecord _record = new();
    private LogTime _begin;
    private LogTime? _cycle;
    private LoggedGc? _waiting;

    /// <summary>Whether a record goes on with the next line.</summary>
    public bool IsOpen => _record.IsOpen;

    /// <summary>Whether a line is of this form.</summary>
    public static bool IsLegacy(ReadOnlySpan<byte> line) =>
        char.IsAsciiDigit((char)line[0]) || line[0] == ' ' || IsRecord(line) || line.StartsWith("CommandLine flags: "u8);

    public void Take(ReadOnlySpan<byte> line)
    {
        var rest = line;
        while (!rest.IsEmpty)
        {
            if (!_record.IsOpen)
            {
                rest = rest.TrimStart((byte)' ');
                var time = TakeStamps(ref rest);
                if (!IsRecord(rest))
                {
                    TakeOther(rest);
                    return;
                }

                Begin(time);
            }
            else if (IsNewPause(rest, out var time, out var begin))
            {
                // The record before was never closed.
                state.CountUnknown();
                rest = begin;
                Begin(time);
            }

            rest = _record.Read(rest);
            if (!_record.IsOpen)
                Close();
        }
    }

    public void End()
    {
        if (_record.IsOpen)
            state.CountUnknown();
        _record.Clear();
        Flush();
    }

    private void Begin(LogTime time)
    {
        Flush();
        _record.Clear();
        _begin = time;
    }

    private void Close()
    {
        var own = _record.Own;
        if (_record.Collector is { } collector)
            state.Learn(collector);
        if (own.StartsWith("CMS-concurrent-"u8) || own.StartsWith("GC concurrent-"u8))
        {
            TakePhase(own);
            return;
        }

        var secs = own.LastIndexOf(" secs"u8);
        var text = secs < 0 ? default : own[..secs];
        if (secs < 0 || !Figures.TrySeconds(text[(text.LastIndexOf((byte)' ') + 1)..], out var pause))
        {
            state.CountUnknown();
            return;
        }

        var (kind, reason) = LegacyName.Of(own, _record, state);
        if (kind == GcKind.Unknown)
            state.CountUnknown();
        var heap = LegacyName.HeapOf(text);
        var read = new LoggedGc(kind, state.Collector, reason, _begin, pause, pause, null, heap);
        if (heap.After is null && state.Collector == Collectors.G1 && kind != GcKind.Remark)
            _waiting = read;
        else
            state.Take(kind, reason, _begin, pause, pause, null, heap);
        if (kind == GcKind.InitialMark)
            _cycle = _begin;
        else if (kind == GcKind.Cleanup)
            EndCycle(new LogTime(_begin.Wall + pause, _begin.Uptime + pause));
    }

    private void TakePhase(ReadOnlySpan<byte> own)
    {
        if (own.StartsWith("GC "u8))
            state.Learn(Collectors.G1);
        else if (own.StartsWith("CMS-concurrent-reset:"u8))
            EndCycle(_begin);
    }

    private void EndCycle(LogTime end)
    {
        if (_cycle is not { } begun)
            return;
        _cycle = null;
        Flush();
        state.Take(GcKind.ConcurrentCycle, "", begun, TimeSpan.Zero, end.Since(begun), null, default);
    }

    private void TakeOther(ReadOnlySpan<byte> rest)
    {
        if (_waiting is { } waiting && rest.StartsWith("[Eden: "u8) && LegacyName.HeapOfG1(rest) is { } heap)
        {
            _waiting = waiting with { Heap = heap };
            Flush();
        }
        else if (rest.StartsWith("[Times: "u8))
        {
            Flush();
        }
        else if (rest.StartsWith("CommandLine flags: "u8) && Collectors.OfOptions(System.Text.Encoding.UTF8.GetString(rest).Split(' ')) is { } named)
        {
            state.LearnForSure(named);
        }
    }

    private void Flush()
    {
        if (_waiting is { } w)
            state.Take(w.Kind, w.Reason, w.Begin, w.Pause, w.Duration, w.Number, w.Heap);
        _waiting = null;
    }

    private static bool IsNewPause(ReadOnlySpan<byte> line, out LogTime time, out ReadOnlySpan<byte> rest)
    {
        rest = line;
        time = TakeStamps(ref rest);
        return rest.Length < line.Length && (rest.StartsWith("[GC ("u8) || rest.StartsWith("[GC pause"u8) || rest.StartsWith("[Full GC"u8));
    }

    /// <summary>G1's details tell of its workers in brackets that look alike.</summary>
    private static bool IsRecord(ReadOnlySpan<byte> text) =>
        (text.StartsWith("[GC"u8) && !text.StartsWith("[GC Worker"u8)) || text.StartsWith("[Full GC"u8) || text.StartsWith("[CMS-concurrent"u8);

    /// <summary>Takes <c>2021-10-08T20:22:22.788-0600: </c> and <c>668.806: </c> off the begin, either or both.</summary>
    private static LogTime TakeStamps(ref ReadOnlySpan<byte> line)
    {
        DateTimeOffset? wall = null;
        TimeSpan? uptime = null;
        while (!line.IsEmpty && char.IsAsciiDigit((char)line[0]) && line.IndexOf(": "u8) is > 0 and < 40 and var end)
        {
            var text = line[..end];
            if (Stamps.TryRead(text, out var time))
                wall = time;
            else if (Figures.TrySeconds(text, out var seconds))
                uptime = seconds;
            else
                break;
            line = line[(end + 2)..].TrimStart((byte)' ');
        }

        return new LogTime(wall, uptime);
    }
}
