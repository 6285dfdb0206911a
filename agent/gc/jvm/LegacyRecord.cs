namespace Pressure.Agent;

/// <summary>
/// One record of JDK 8 in brackets, over one line or several. Only what stands directly in the outer brackets counts; the rest are parts:
/// <code>
/// [GC (Allocation Failure) 1.5: [ParNew: 157M->157M(157M), 0.01 secs]1.5: [CMS1.6: [CMS-concurrent-preclean: 0.1/0.1 secs] [Times: ...]
///  (concurrent mode failure): 317M->281M(349M), 0.04 secs] 474M->281M(506M), [Metaspace: 2M->2M(1056M)], 0.0492274 secs]
///  own: "GC (Allocation Failure) 1.5: 1.5:  474M->281M(506M), , 0.0492274 secs"
/// </code>
/// </summary>
internal sealed class LegacyRecord
{
    private const int MostOwn = 2048;
    private const int MostLines = 400;
    private readonly byte[] _own = new byte[MostOwn];
    private int _length;
    private int _depth;
    private int _lines;

    public bool IsOpen => _depth > 0;

    /// <summary>The concurrent collector lost its race.</summary>
    public bool ConcurrentModeFailed { get; private set; }

    /// <summary>The survivors of a young collection found no room.</summary>
    public bool PromotionFailed { get; private set; }

    /// <summary>The old generation was collected too.</summary>
    public bool WithOld { get; private set; }

    /// <summary>CMS's own names of its two pauses, where no cause tells them (JDK 7).</summary>
    public bool IsCmsMark { get; private set; }

    /// <inheritdoc cref="IsCmsMark"/>
    public bool IsCmsRemark { get; private set; }

    /// <summary>Which collector's generations are named; null if none.</summary>
    public string? Collector { get; private set; }

    /// <summary>What stands directly in the outer brackets.</summary>
    public ReadOnlySpan<byte> Own => _own.AsSpan(0, _length);

    public void Clear()
    {
        (_length, _depth, _lines) = (0, 0, 0);
        ConcurrentModeFailed = PromotionFailed = WithOld = IsCmsMark = IsCmsRemark = false;
        Collector = null;
    }

    /// <summary>Reads a line of it up to the record's end; what is left of the line behind that.</summary>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> line)
    {
        var rest = line;
        do
        {
            var next = rest.IndexOfAny((byte)'[', (byte)']');
            var text = next < 0 ? rest : rest[..next];
            if (_depth == 1)
                Keep(text);
            if (next < 0)
            {
                rest = default;
                break;
            }

            _depth += rest[next] == '[' ? 1 : -1;
            rest = rest[(next + 1)..];
        }
        while (_depth > 0);
        LookInto(line[..^rest.Length]);
        if (++_lines > MostLines)
            _depth = 0;
        return rest;
    }

    private void LookInto(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("[CMS"u8) >= 0 || line.IndexOf("CMS-"u8) >= 0 || line.IndexOf("[ParNew"u8) >= 0)
            Collector = Collectors.Cms;
        else if (line.IndexOf("[PSYoungGen"u8) >= 0)
            Collector = Collectors.Parallel;
        else if (line.IndexOf("[DefNew"u8) >= 0 || line.IndexOf("[Tenured"u8) >= 0)
            Collector = Collectors.Serial;
        ConcurrentModeFailed |= line.IndexOf("(concurrent mode failure)"u8) >= 0;
        PromotionFailed |= line.IndexOf("(promotion failed)"u8) >= 0;
        WithOld |= line.IndexOf("[Tenured"u8) >= 0 || line.IndexOf("[CMS:"u8) >= 0 || line.IndexOf("(concurrent mode interrupted)"u8) >= 0;
        IsCmsMark |= line.IndexOf("CMS-initial-mark:"u8) >= 0;
        IsCmsRemark |= line.IndexOf("CMS-remark:"u8) >= 0;
    }

    private void Keep(ReadOnlySpan<byte> text)
    {
        var fits = text[..Math.Min(text.Length, MostOwn - _length)];
        fits.CopyTo(_own.AsSpan(_length));
        _length += fits.Length;
    }
}
