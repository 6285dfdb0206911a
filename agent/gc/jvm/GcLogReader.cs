namespace Pressure.Agent;

/// <summary>
/// Reads a JVM's GC log, given in pieces of any size: unified logging (JDK 9 and newer) with any decorations, and the form of JDK 8. Lines are
/// looked at as bytes where they lie; memory does not grow with the log. Nothing in a log makes it throw.
/// </summary>
/// <param name="take">Gets each event in the order of the log, on the thread that reads.</param>
public sealed class GcLogReader(Action<LoggedGc> take)
{
    /// <summary>Longer lines are no GC log's; they are passed over and counted.</summary>
    public const int LongestLine = 16 * 1024;

    private readonly GcLogState _state = new(take);
    private readonly byte[] _partial = new byte[LongestLine];
    private UnifiedLog? _unifiedLog;
    private LegacyLog? _legacyLog;
    private int _length;
    private bool _isTooLong;

    /// <summary>Lines read.</summary>
    public long Lines { get; private set; }

    /// <summary>Pauses of a kind that is not known (events all the same), records that could not be read, lines that were too long.</summary>
    public long Unknown => _state.Unknown + TooLong;

    /// <summary>Lines longer than <see cref="LongestLine"/>.</summary>
    public long TooLong { get; private set; }

    /// <summary>The collector's name as far as the log has told; <c>unknown</c> before.</summary>
    public string Collector => _state.Collector;

    private UnifiedLog Unified => _unifiedLog ??= new UnifiedLog(_state);

    private LegacyLog Legacy => _legacyLog ??= new LegacyLog(_state);

    /// <summary>Which collector it is, known from elsewhere; the log's own banner outranks it.</summary>
    public void Learn(string collector) => _state.Learn(collector);

    /// <summary>Reads on; a line that is not whole yet waits for its rest.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
                break;
            if (_length == 0 && !_isTooLong)
            {
                TakeLine(bytes[..end]);
            }
            else
            {
                Keep(bytes[..end]);
                EndPartial();
            }

            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    /// <summary>The log goes on somewhere else: half a line is none, and what lies open has ended.</summary>
    public void End()
    {
        (_length, _isTooLong) = (0, false);
        _unifiedLog?.End();
        _legacyLog?.End();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > LongestLine)
            _isTooLong = true;
        if (_isTooLong)
            return;
        bytes.CopyTo(_partial.AsSpan(_length));
        _length += bytes.Length;
    }

    private void EndPartial()
    {
        var (length, isTooLong) = (_length, _isTooLong);
        (_length, _isTooLong) = (0, false);
        if (!isTooLong)
        {
            TakeLine(_partial.AsSpan(0, length));
            return;
        }

        Lines++;
        TooLong++;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        Lines++;
        if (line.Length > LongestLine)
        {
            TooLong++;
            return;
        }

        if (line.EndsWith("\r"u8))
            line = line[..^1];
        if (line.IsEmpty)
            return;
        // JDK 8 begins with a time or with the bracket of the record itself; a record may go on over several lines.
        if (_legacyLog is { IsOpen: true } || LegacyLog.IsLegacy(line))
            Legacy.Take(line);
        else if (UnifiedLine.TryRead(line, out var read))
            Unified.Take(read);
    }
}
