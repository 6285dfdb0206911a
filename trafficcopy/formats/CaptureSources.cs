namespace Pressure.TrafficCopy;

/// <summary>What is asked of reading files of traffic.</summary>
public sealed record CaptureSourceOptions
{
    /// <summary>Whose connections are taken from packets.</summary>
    public AskedServers Asked { get; init; } = AskedServers.All;

    /// <summary>What is kept of conversations in packets. TLS is read with <see cref="KeyLog"/> unless something else is said here.</summary>
    public ConversationOptions Conversations { get; init; } = new();

    /// <summary>Secrets of TLS connections; those that files of packets hold come to it.</summary>
    public KeyLog KeyLog { get; init; } = new();

    /// <summary>Is told now and then which file is being read, and how many bytes of it have been read.</summary>
    public Action<string, long>? Progress { get; init; }

    /// <summary>Ends it early.</summary>
    public CancellationToken Stop { get; init; }
}

/// <summary>What came of reading files of traffic.</summary>
public sealed record CaptureSourcesOutcome
{
    /// <summary>What is wrong with the files, file by file.</summary>
    public IReadOnlyList<CaptureFileProblem> Problems { get; init; } = [];

    /// <summary>Problems beyond those.</summary>
    public long FurtherProblems { get; init; }

    /// <summary>Files of which nothing could be read.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Entries that are no exchanges and were left out, by reason (a stable word).</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();

    /// <summary>Files that begin before another one's end and so were read as other machines' traffic.</summary>
    public int Overlapping { get; init; }

    /// <summary>Whether it ended early because it was told to.</summary>
    public bool Stopped { get; init; }
}

/// <summary>
/// Reads files of any format into one stream of exchanges. Files of packets that follow one another in time are read as if they were one (tcpdump -C and -G write such);
/// one that begins earlier is taken for another machine's. Connections are numbered through.
/// </summary>
public sealed class CaptureSources
{
    private readonly Renumbered _to;
    private readonly CaptureAccounts _accounts;
    private readonly CaptureSourceOptions _options;
    private readonly ConversationOptions _conversations;
    private readonly List<CaptureFileProblem> _problems = [];
    private readonly List<string> _unreadable = [];
    private readonly Dictionary<string, long> _leftOut = [];
    private long _further;
    private int _overlapping;

    private CaptureSources(IExchangeSink to, CaptureAccounts accounts, CaptureSourceOptions options)
    {
        (_to, _accounts, _options) = (new Renumbered(to), accounts, options);
        _conversations = options.Conversations with { Tls = options.Conversations.Tls ?? new TlsReader(options.KeyLog).Open };
    }

    /// <summary>Reads files. Nothing is thrown for what they hold, nor when they can't be opened: the outcome tells.</summary>
    public static CaptureSourcesOutcome Read(IEnumerable<string> files, IExchangeSink to, CaptureAccounts accounts, CaptureSourceOptions? options = null)
    {
        var sources = new CaptureSources(to, accounts, options ?? new());
        var known = files.Select(file => (File: file, Format: sources.FormatOf(file))).ToList();
        sources.ReadPackets([.. known.Where(f => f.Format == SourceFormat.Packets).Select(f => f.File)]);
        foreach (var (file, format) in known)
            sources.ReadOther(file, format);
        return new()
        {
            Problems = sources._problems,
            FurtherProblems = sources._further,
            Unreadable = sources._unreadable,
            LeftOut = sources._leftOut,
            Overlapping = sources._overlapping,
            Stopped = sources._options.Stop.IsCancellationRequested,
        };
    }

    private SourceFormat? FormatOf(string file)
    {
        try
        {
            var format = SourceFormats.Of(file);
            // The reader of packets knows best what else it may be.
            return format == SourceFormat.Unknown ? SourceFormat.Packets : format;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotOpened(file, e);
            return null;
        }
    }

    private void ReadPackets(List<string> files)
    {
        CapturePipeline? pipeline = null;
        var clock = new PacketClock();
        foreach (var (file, first) in files.Select(f => (f, PacketClock.FirstOf(f))).OrderBy(f => f.Item2 ?? long.MaxValue))
        {
            if (_options.Stop.IsCancellationRequested)
                break;
            if (pipeline is not null && first < clock.LastAt)
            {
                pipeline.Flush();
                pipeline = null;
                _overlapping++;
            }

            if (pipeline is null)
            {
                _to.NextSource();
                pipeline = new CapturePipeline(new ConversationOpener(_to, _accounts, _conversations), _accounts, _options.Asked);
                clock = new PacketClock { Next = pipeline };
            }

            var outcome = CaptureFileReader.Read(file, clock, _accounts, new() { Secrets = _options.KeyLog, Progress = at => _options.Progress?.Invoke(file, at), Stop = _options.Stop });
            if (outcome.Format != CaptureFormat.Unknown)
            {
                Take(outcome.Problems, outcome.FurtherProblems);
                continue;
            }

            _unreadable.Add(file);
            Take([.. outcome.Problems.Select(p => p with { Remedy = "Name a pcap or pcapng file, a HAR, a .gor file (each packed with gzip or not), or a capture of ours." })], outcome.FurtherProblems);
        }

        pipeline?.Flush();
    }

    private void ReadOther(string file, SourceFormat? format)
    {
        if (format is not (SourceFormat.Store or SourceFormat.Har or SourceFormat.GoReplay) || _options.Stop.IsCancellationRequested)
            return;
        _to.NextSource();
        try
        {
            if (format == SourceFormat.Store)
                ReadStore(file);
            else
                ReadText(file, format.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            NotOpened(file, e);
        }
    }

    private void ReadStore(string file)
    {
        using var reader = CaptureReader.Open(file);
        if (reader.Info.Damage is { } damage)
            _problems.Add(new(file, 0, $"{damage}.", "Everything else was read."));
        var read = 0L;
        foreach (var exchange in reader.ByTime())
        {
            if (_options.Stop.IsCancellationRequested)
                break;
            var isLast = (exchange.Marks & ExchangeMarks.Last) != 0;
            _to.Take(exchange);
            if (isLast)
                _to.EndConnection(exchange.Connection, exchange.At);
            if ((++read & 0xFFF) == 0)
                _options.Progress?.Invoke(file, reader.BytesRead);
        }

        if (reader.Lost > 0)
            _problems.Add(new(file, 0, $"{reader.Lost:N0} exchanges are in damaged blocks.", "They were left out; everything else was read."));
    }

    private void ReadText(string file, SourceFormat format)
    {
        using var stream = SourceFormats.OpenFile(file);
        using var unpacked = GorImport.Unpacked(stream);
        using var counted = new ProgressStream(unpacked, () => _options.Progress?.Invoke(file, stream.Position));
        var outcome = format == SourceFormat.Har ? HarImport.Read(counted, file, _to, _options.Stop) : GorImport.Read(counted, file, _to, _options.Stop);
        Take(outcome.Problems, outcome.FurtherProblems);
        foreach (var (reason, count) in outcome.LeftOut)
            _leftOut[reason] = _leftOut.GetValueOrDefault(reason) + count;
        if (outcome.Exchanges == 0 && outcome.Problems.Count > 0)
            _unreadable.Add(file);
    }

    private void Take(IReadOnlyList<CaptureFileProblem> problems, long further)
    {
        _problems.AddRange(problems);
        _further += further;
    }

    private void NotOpened(string file, Exception e)
    {
        _unreadable.Add(file);
        _problems.Add(new(file, 0, $"it can't be opened: {e.Message}", "Check the path, and whether you may read it."));
    }

    /// <summary>Numbers the connections of several sources through.</summary>
    private sealed class Renumbered(IExchangeSink to) : IExchangeSink
    {
        private readonly CapturedExchange _exchange = new();
        private long _base;
        private long _highest;

        public void NextSource() => _base = _highest;

        public void Take(CapturedExchange exchange)
        {
            if (_base == 0)
            {
                _highest = Math.Max(_highest, exchange.Connection);
                to.Take(exchange);
                return;
            }

            _exchange.CopyFrom(exchange);
            _exchange.Connection += _base;
            _highest = Math.Max(_highest, _exchange.Connection);
            to.Take(_exchange);
        }

        public void EndConnection(long connection, long at) => to.EndConnection(connection + _base, at);
    }
}

/// <summary>Notes the times of the packets that pass.</summary>
internal sealed class PacketClock : IPacketSink
{
    private CancellationTokenSource? _enough;

    /// <summary>Who takes them.</summary>
    public IPacketSink? Next { get; init; }

    /// <summary>The latest.</summary>
    public long LastAt { get; private set; } = long.MinValue;

    /// <summary>The first packet's time; null when there is none.</summary>
    public static long? FirstOf(string file)
    {
        using var enough = new CancellationTokenSource();
        var clock = new PacketClock { _enough = enough };
        CaptureFileReader.Read(file, clock, new CaptureAccounts(), new() { Stop = enough.Token });
        return clock.LastAt == long.MinValue ? null : clock.LastAt;
    }

    public void Take(in CapturedPacket packet)
    {
        if (_enough is { } enough)
        {
            LastAt = LastAt == long.MinValue ? packet.At : LastAt;
            enough.Cancel();
            return;
        }

        LastAt = Math.Max(LastAt, packet.At);
        Next?.Take(packet);
    }
}

/// <summary>Tells that something was read.</summary>
internal sealed class ProgressStream(Stream stream, Action progress) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = stream.Read(buffer);
        progress();
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
