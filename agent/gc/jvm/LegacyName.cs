using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What a record of JDK 8 is, by the words directly in its brackets.</summary>
internal static class LegacyName
{
    /// <summary>Its kind and cause.</summary>
    public static (GcKind Kind, string Reason) Of(ReadOnlySpan<byte> own, LegacyRecord record, GcLogState state)
    {
        if (own.StartsWith("GC pause"u8))
        {
            state.Learn(Collectors.G1);
            return OfG1(own["GC pause".Length..], state);
        }

        if (own.StartsWith("GC remark"u8))
            return (GcKind.Remark, "");
        if (own.StartsWith("GC cleanup"u8))
            return (GcKind.Cleanup, "");
        var isFull = own.StartsWith("Full GC"u8);
        var groups = own[(isFull ? "Full GC" : "GC").Length..].TrimStart("- "u8);
        var cause = state.Reasons.Of(PauseName.TakeGroup(ref groups));
        if (record.ConcurrentModeFailed || (record.PromotionFailed && record.WithOld))
            return (GcKind.ConcurrentModeFailure, record.PromotionFailed ? Joined(cause, "promotion failed") : cause);
        if (isFull || record.WithOld)
            return (GcKind.Full, cause);
        if (record.IsCmsMark || cause == "CMS Initial Mark")
            return (GcKind.InitialMark, cause);
        if (record.IsCmsRemark || cause == "CMS Final Remark")
            return (GcKind.Remark, cause);
        // [GC--: the Parallel collector found no room for survivors.
        return own.Length > 2 && own[2] is not ((byte)' ' or (byte)'-' or (byte)'(') ? (GcKind.Unknown, cause)
            : (GcKind.Young, record.PromotionFailed || own.StartsWith("GC--"u8) ? Joined(cause, "promotion failed") : cause);
    }

    /// <summary>The last <c>A->B(C)</c>, or what CMS says at its short pauses: <c>used(committed)</c>.</summary>
    public static HeapUse HeapOf(ReadOnlySpan<byte> own)
    {
        while (own.LastIndexOf((byte)')') is > 0 and var end)
        {
            var text = own[..(end + 1)];
            var token = text[(text.LastIndexOf((byte)' ') + 1)..];
            if (Figures.TakeHeap(ref token, out var heap))
                return heap;
            if (!token.IsEmpty && token[0] != '(' && Figures.TryUse(token, out var used, out var committed))
                return new HeapUse(used, used, committed);
            own = own[..end];
        }

        return default;
    }

    /// <summary>G1's own line: <c>[Eden: ... Heap: 4857.6K(20.0M)->4720.2K(20.0M)]</c>.</summary>
    public static HeapUse? HeapOfG1(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf("Heap: "u8);
        if (at < 0)
            return null;
        var text = line[(at + "Heap: ".Length)..];
        var end = text.IndexOf((byte)']');
        text = end < 0 ? text : text[..end];
        return Figures.TakeHeap(ref text, out var heap) ? heap : null;
    }

    private static (GcKind Kind, string Reason) OfG1(ReadOnlySpan<byte> text, GcLogState state)
    {
        var groups = text.TrimStart((byte)' ');
        var kind = GcKind.Unknown;
        var cause = "";
        var failed = false;
        while (PauseName.TakeGroup(ref groups) is { IsEmpty: false } group)
        {
            if (group.SequenceEqual("young"u8))
                kind = GcKind.Young;
            else if (group.SequenceEqual("mixed"u8))
                kind = GcKind.Mixed;
            else if (group.SequenceEqual("initial-mark"u8))
                kind = GcKind.InitialMark;
            else if (group.StartsWith("to-space"u8))
                failed = true;
            else if (cause.Length == 0)
                cause = state.Reasons.Of(group);
        }

        failed |= text.IndexOf("(to-space "u8) >= 0;
        return failed ? (GcKind.AllocationStall, Joined(cause, "to-space exhausted")) : (kind, cause);
    }

    private static string Joined(string cause, string more) => cause.Length == 0 ? more : $"{cause} ({more})";
}
