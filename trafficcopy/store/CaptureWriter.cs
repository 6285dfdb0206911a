using Microsoft.Win32.SafeHandles;
using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>
/// Writes exchanges into a capture store. What is taken is on the disk after a few seconds, whatever happens then; <see cref="Complete"/> writes the index.
/// Without it the file can be read too, by looking through all of it. Thread-safe.
/// </summary>
/// <remarks>
/// Exchanges come when they are over, and are read by when they began. So each block is sorted before it is written, and those which began long before
/// what is being written now (slow answers, another file) go into blocks of their own: at any moment only a few blocks overlap, and reading
/// them by time is a merge of those few.
/// </remarks>
public sealed class CaptureWriter : IExchangeSink, IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly BlockAppender _appender;
    private readonly ITimer _flushTimer;
    private readonly ConnectionBook _connections;
    private readonly EndpointTally _endpoints;
    private readonly Stragglers _stragglers = new();
    private readonly CapturedExchange _shortened = new();
    private readonly CaptureHeader _header;
    private PendingBlock _current;
    private PendingBlock _late;
    private long _exchanges;
    private long _firstAt;
    private long _lastAt;
    private bool _isOver;

    /// <summary>Begins a capture.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public CaptureWriter(string path, CaptureWriterOptions? options = null, TimeProvider? time = null)
        : this(path, options ?? new(), time ?? TimeProvider.System, continueAt: null)
    {
    }

    private CaptureWriter(string path, CaptureWriterOptions options, TimeProvider time, long? continueAt)
    {
        _path = path;
        _stream = new FileStream(path, StreamOptions(options, continueAt is null ? FileMode.CreateNew : FileMode.Open));
        _file = _stream.SafeFileHandle;
        try
        {
            if (continueAt is { } place)
            {
                var before = StoreOpening.Continue(_file, path, place);
                (_header, _connections, _endpoints) = (before.Header, before.Connections, before.Endpoints);
                (_exchanges, _firstAt, _lastAt) = (before.Exchanges, before.FirstAt, before.LastAt);
                RandomAccess.SetLength(_file, place);
                _appender = new BlockAppender(_file, place, options.Compress, before.Index);
            }
            else
            {
                (_header, _connections, _endpoints) = (new CaptureHeader { Begun = time.GetUtcNow(), Masked = options.Masked }, new(), new());
                _appender = new BlockAppender(_file, WriteBeginning(), options.Compress, []);
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }

        (_current, _late) = (_appender.Rent(), _appender.Rent());
        _flushTimer = time.CreateTimer(_ => Flush(), null, options.FlushEvery, options.FlushEvery);
    }

    /// <summary>Goes on with a capture whose writer was killed; what it wrote behind a place is cut off. Which connections were over by then is not known: those that do not go on count as such.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">What <see cref="Settle"/> gave.</param>
    /// <param name="options">As it was begun; what is masked stands in the file.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidDataException">It is no capture, or not sound up to that place. It is left as it is.</exception>
    /// <exception cref="IOException">It is not there, or can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static CaptureWriter Continue(string path, long place, CaptureWriterOptions? options = null, TimeProvider? time = null) => new(path, options ?? new(), time ?? TimeProvider.System, place);

    /// <summary>Exchanges taken, of those before it was gone on with too.</summary>
    public long Exchanges
    {
        get
        {
            lock (_gate)
                return _exchanges;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CaptureWriteException">The disk is full, or fails.</exception>
    public void Take(CapturedExchange exchange)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            ObjectDisposedException.ThrowIf(_isOver, this);
            var bound = ExchangeEncoding.Bound(exchange);
            if (bound > StoreFormat.MaxExchange)
                bound = ExchangeEncoding.Bound(exchange = Shortening.Shorten(exchange, _shortened));
            var connection = _connections.Next(exchange, out var isFirst);
            if (connection.IsMarked)
            {
                _appender.UnmarkLast(connection.Block, connection.Place);
                connection.IsMarked = false;
            }

            ref var block = ref _stragglers.IsLate(connection.Key) ? ref _late : ref _current;
            if (!block.HasRoomFor(bound))
                Submit(ref block);
            block.Add(exchange, bound, connection, isFirst);
            Count(exchange);
        }
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at)
    {
        lock (_gate)
        {
            if (!_isOver && _connections.End(connection) is { } ended && !ended.MarkLastInPending())
                _appender.MarkLast(ended.Block, ended.Place);
        }
    }

    /// <summary>Writes what was taken into the file, so that nothing of it is lost when this process is killed; where the file ends then.</summary>
    /// <exception cref="CaptureWriteException">The disk is full, or fails.</exception>
    public long Settle()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            SubmitHeld();
            _appender.Drain();
            ThrowIfFailed();
            return _appender.Length;
        }
    }

    /// <summary>Writes what is held and what came of it, and ends the file. Nothing can be taken afterwards.</summary>
    /// <exception cref="CaptureWriteException">The disk is full, or fails.</exception>
    public CaptureInfo Complete(CaptureOutcome? outcome = null)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            _isOver = true;
            SubmitHeld();
            _appender.Drain();
            ThrowIfFailed();
            var summary = Summary(outcome ?? new());
            try
            {
                _appender.End(CaptureJson.Payload(RecordKind.Summary, summary, CaptureJsonContext.Default.CaptureSummary));
            }
            catch (IOException e)
            {
                throw new CaptureWriteException(_path, e);
            }

            return summary.ToInfo(_path, _header);
        }
    }

    /// <summary>Closes the file. Without <see cref="Complete"/> what is held is written, but no index.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _flushTimer.Dispose();
            if (!_isOver)
            {
                _isOver = true;
                SubmitHeld();
                _appender.WantSync();
            }
        }

        _appender.Dispose();
        _stream.Dispose();
    }

    private static FileStreamOptions StreamOptions(CaptureWriterOptions options, FileMode mode)
    {
        var opening = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            // Readers see it grow.
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            Options = options.IsTemporary ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        // Traffic is nobody else's business.
        if (!OperatingSystem.IsWindows() && mode == FileMode.CreateNew)
            opening.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return opening;
    }

    private long WriteBeginning()
    {
        var payload = CaptureJson.Payload(RecordKind.Header, _header, CaptureJsonContext.Default.CaptureHeader);
        var beginning = new byte[StoreFormat.PreambleLength + LogFormat.HeaderLength + payload.Length];
        StoreFormat.Magic.CopyTo(beginning);
        beginning[StoreFormat.PreambleLength - 1] = StoreFormat.Version;
        LogFormat.WriteHeader(beginning.AsSpan(StoreFormat.PreambleLength), payload);
        payload.CopyTo(beginning.AsSpan(StoreFormat.PreambleLength + LogFormat.HeaderLength));
        RandomAccess.Write(_file, beginning, 0);
        return beginning.Length;
    }

    private void Flush()
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            SubmitHeld();
            _appender.WantSync();
        }
    }

    private void SubmitHeld()
    {
        if (_current.Count > 0)
            Submit(ref _current);
        if (_late.Count > 0)
            Submit(ref _late);
    }

    private void Submit(ref PendingBlock block)
    {
        if (block == _current)
            _stragglers.Wrote(block.FirstKey);
        _appender.Submit(block);
        block = _appender.Rent();
    }

    private void Count(CapturedExchange exchange)
    {
        _firstAt = _exchanges == 0 ? exchange.At : Math.Min(_firstAt, exchange.At);
        _lastAt = _exchanges == 0 ? exchange.At : Math.Max(_lastAt, exchange.At);
        _exchanges++;
        _endpoints.Add(exchange);
    }

    private CaptureSummary Summary(CaptureOutcome outcome) => new()
    {
        Exchanges = _exchanges,
        Connections = _connections.Seen,
        FirstAt = _firstAt,
        LastAt = _lastAt,
        Endpoints = _endpoints.Top,
        LeftOut = outcome.LeftOut,
        MaskedCounts = outcome.MaskedCounts,
        Accounts = outcome.Accounts is { } accounts ? StoredAccounts.Of(accounts) : null,
    };

    private void ThrowIfFailed()
    {
        if (_appender.Failure is { } failure)
            throw new CaptureWriteException(_path, failure);
    }
}
