using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// What stands before the figures: <c>Pause Young (Concurrent Start) (GCLocker Initiated GC)</c> is a name and groups in parentheses, which nest
/// (<c>(System.gc())</c>). A G1 young pause has its type, its cause and, if it failed, how; others have their cause, or details that are none.
/// </summary>
internal readonly ref struct PauseName
{
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>The groups with their parentheses; empty if there are none.</summary>
    public ReadOnlySpan<byte> Groups { get; private init; }

    public static PauseName Of(ReadOnlySpan<byte> text)
    {
        var open = text.IndexOf(" ("u8);
        return open < 0 ? new PauseName { Name = text } : new PauseName { Name = text[..open], Groups = text[(open + 1)..] };
    }

    /// <summary>Takes the first group off; its inside. Where parentheses do not match it is all that is left.</summary>
    public static ReadOnlySpan<byte> TakeGroup(ref ReadOnlySpan<byte> groups)
    {
        if (groups.IsEmpty || groups[0] != '(')
            return default;
        var depth = 0;
        for (var n = 0; n < groups.Length; n++)
        {
            depth += groups[n] switch { (byte)'(' => 1, (byte)')' => -1, _ => 0 };
            if (depth > 0)
                continue;
            var inside = groups[1..n];
            groups = groups[(n + 1)..].TrimStart((byte)' ');
            return inside;
        }

        var rest = groups[1..];
        groups = default;
        return rest;
    }

    /// <summary>What a young pause of G1 is by its type; null if that is no type (but a cause).</summary>
    public static GcKind? YoungOf(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("Normal"u8) || type.SequenceEqual("Prepare Mixed"u8) ? GcKind.Young
        : type.SequenceEqual("Concurrent Start"u8) || type.SequenceEqual("Initial Mark"u8) ? GcKind.InitialMark
        : type.SequenceEqual("Mixed"u8) ? GcKind.Mixed
        : null;

    /// <summary>What a pause is by its name; <see cref="GcKind.Unknown"/> if we do not know it. The collector is that which alone has such pauses.</summary>
    public (GcKind Kind, string? Collector, bool HasCause) Meaning()
    {
        var name = Name;
        return name.SequenceEqual("Pause Young"u8) ? (GcKind.Young, null, true)
            : name.SequenceEqual("Pause Full"u8) ? (GcKind.Full, null, true)
            : name.SequenceEqual("Pause Remark"u8) ? (GcKind.Remark, null, false)
            : name.SequenceEqual("Pause Cleanup"u8) ? (GcKind.Cleanup, Collectors.G1, false)
            : name.SequenceEqual("Pause Initial Mark"u8) ? (GcKind.InitialMark, null, true)
            : name.SequenceEqual("Pause Mixed"u8) ? (GcKind.Mixed, Collectors.G1, true)
            : name.SequenceEqual("Pause Mark Start"u8) ? (GcKind.InitialMark, Collectors.Zgc, false)
            : name.SequenceEqual("Pause Mark End"u8) ? (GcKind.Remark, Collectors.Zgc, false)
            : name.SequenceEqual("Pause Relocate Start"u8) ? (GcKind.Cleanup, Collectors.Zgc, false)
            : name.SequenceEqual("Pause Init Mark"u8) || name.SequenceEqual("Pause Init Traversal"u8) ? (GcKind.InitialMark, Collectors.Shenandoah, false)
            : name.SequenceEqual("Pause Final Mark"u8) || name.SequenceEqual("Pause Final Traversal"u8) ? (GcKind.Remark, Collectors.Shenandoah, false)
            : name.SequenceEqual("Pause Init Update Refs"u8) || name.SequenceEqual("Pause Final Update Refs"u8)
                || name.SequenceEqual("Pause Final Evac"u8) || name.SequenceEqual("Pause Final Roots"u8) ? (GcKind.Cleanup, Collectors.Shenandoah, false)
            : name.SequenceEqual("Pause Degenerated GC"u8) ? (GcKind.AllocationStall, Collectors.Shenandoah, true)
            : (GcKind.Unknown, null, true);
    }
}
