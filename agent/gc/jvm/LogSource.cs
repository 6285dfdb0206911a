namespace Pressure.Agent;

/// <summary>
/// A JVM's GC log, from what is written after the first look on: earlier collections belong to a time that nobody sampled. The log's first lines
/// are looked at for the collector's name.
/// </summary>
internal sealed class LogSource : IJvmSource
{
    private readonly GcLogReader _reader;
    private readonly LogTail _tail;
    private readonly Func<IReadOnlyList<string>> _find;
    private bool _begun;

    /// <param name="find">Where the log may be, the likeliest first.</param>
    /// <param name="collector">The collector by the JVM's options, if they name one.</param>
    /// <param name="take">Gets the events.</param>
    public LogSource(Func<IReadOnlyList<string>> find, string? collector, Action<LoggedGc> take)
    {
        _find = find;
        _reader = new GcLogReader(take);
        if (collector is not null)
            _reader.Learn(collector);
        _tail = new LogTail(() => _find() is [var likeliest, ..] ? likeliest : null, Archives);
    }

    /// <summary>The reader, for its counters.</summary>
    public GcLogReader Reader => _reader;

    /// <summary>Whether the log is there and being read.</summary>
    public bool IsOpen => _tail.Open is not null;

    public bool Look()
    {
        if (!_begun)
        {
            _begun = true;
            _tail.Begin(LearnFrom);
        }

        _tail.Look(_reader.Read, _reader.End);
        return IsOpen;
    }

    public void Dispose() => _tail.Dispose();

    private void LearnFrom(ReadOnlySpan<byte> head)
    {
        var first = new GcLogReader(_ => { });
        first.Read(head);
        if (first.Collector != Collectors.Unknown)
            _reader.Learn(first.Collector);
    }

    /// <summary><c>gc.log</c> becomes <c>gc.log.0</c>, <c>gc.log.1</c>, ...; in JDK 8 <c>gc.log.0.current</c> becomes <c>gc.log.0</c>.</summary>
    private static IEnumerable<string> Archives(string current)
    {
        var name = Path.GetFileName(current);
        var end = name.EndsWith(".current", StringComparison.Ordinal) ? name[..^".current".Length] : name;
        var stem = end == name ? name : end[..Math.Max(end.LastIndexOf('.'), 0)];
        return Directory.EnumerateFiles(Path.GetDirectoryName(current)!)
            .Where(f => Path.GetFileName(f) is var file && file.Length > stem.Length + 1 && file.StartsWith(stem + ".", StringComparison.Ordinal) && file[(stem.Length + 1)..].All(char.IsAsciiDigit));
    }
}
