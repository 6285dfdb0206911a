using System.Globalization;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// Hears of each collection of a .NET process, in a container or not, through the runtime's own diagnostics socket.
/// <code>
/// DiagnosticsSession ─ bytes ▶ NettraceReader ─ events ▶ TimeOrder ─ steps ▶ CollectionFold ─ collections ▶ IGcSink, DotnetRates
/// </code>
/// Begins when it is made. What the runtime writes as its process ends is still read; what it has not written by then (a tenth of a second
/// when killed) nobody can have.
/// </summary>
public sealed class DotnetGcListener : IGcListener
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    // The runtime writes ten times a second: what has come and is not followed by more is all there was.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    private readonly WatchedProcess _process;
    private readonly IGcSink _sink;
    private readonly TimeProvider _time;
    private readonly string _proc;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _lock = new(); // around what Rates looks at from outside
    private readonly CollectionFold _fold;
    private readonly TimeOrder _order;
    private readonly Task<string?> _listening;
    private DiagnosticsSession? _session;
    private TargetClock? _clock;
    private DotnetRates? _rates;
    private long _missedTold;
    private Task? _left;

    /// <summary>Begins to listen.</summary>
    /// <param name="process">The process.</param>
    /// <param name="sink">Takes its collections.</param>
    /// <param name="time">This host's clock.</param>
    /// <param name="proc">Where the proc file system is mounted.</param>
    public DotnetGcListener(WatchedProcess process, IGcSink sink, TimeProvider? time = null, string proc = "/proc")
    {
        (_process, _sink, _time, _proc) = (process, sink, time ?? TimeProvider.System, proc);
        _fold = new CollectionFold(Take);
        _order = new TimeOrder(_fold.Take);
        _listening = Task.Run(ListenAsync);
    }

    /// <inheritdoc/>
    public int Pid => _process.Pid;

    /// <inheritdoc/>
    public Task<string?> Ended => _listening;

    /// <summary>Whether the runtime has ended the session in order.</summary>
    internal bool HeardEnd { get; private set; }

    /// <inheritdoc/>
    public GcRates? Rates()
    {
        lock (_lock)
        {
            if (_clock is not { } clock || _rates is null)
                return null;
            var now = clock.Ticks(_time.GetTimestamp());
            return _rates.Tell(now, _fold.Paused + (_fold.PausedSince is { } since ? Math.Max(0, now - since) : 0));
        }
    }

    /// <summary>Ends the session in the target, once what the target still has to tell has been read.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
            return new ValueTask(_left ??= LeaveAsync());
    }

    private async Task LeaveAsync()
    {
        await _leaving.CancelAsync();
        using (var limit = new CancellationTokenSource(GoodbyeLimit, _time))
        {
            try
            {
                if (_session is { } session && !_listening.IsCompleted)
                    await session.StopAsync(_process, _proc, limit.Token);
                await _listening.WaitAsync(limit.Token);
            }
            catch (Exception e) when (e is GcDeafException or OperationCanceledException)
            {
                // It has ended or hangs. A session whose socket is closed ends by itself when the runtime next writes to it.
            }
        }
        _session?.Dispose();
        await _listening;
        _leaving.Dispose();
    }

    private async Task<string?> ListenAsync()
    {
        try
        {
            using (var limit = new CancellationTokenSource(AnswerLimit, _time))
            using (var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _leaving.Token))
            {
                var asked = _time.GetTimestamp();
                try
                {
                    _session = await DiagnosticsSession.StartAsync(_process, _proc, both.Token);
                }
                catch (OperationCanceledException)
                {
                    return _leaving.IsCancellationRequested ? null : $"its diagnostics socket gave no answer in {AnswerLimit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s";
                }
                return await ReadAsync(_session, asked);
            }
        }
        catch (Exception e) when (e is GcDeafException or InvalidDataException)
        {
            return e.Message;
        }
    }

    private async Task<string?> ReadAsync(DiagnosticsSession session, long asked)
    {
        var reader = new NettraceReader(_order, clock => (_clock, _rates) = (new TargetClock(clock, asked, _time), new DotnetRates(clock.Frequency)));
        try
        {
            while (!reader.AtEnd)
            {
                var receive = session.ReadAsync(reader.Room());
                if (_order.Waits && await Task.WhenAny(receive, Task.Delay(Quiet, _time)) != receive)
                    Locked(_order.Barrier);
                var count = await receive;
                if (count == 0)
                    break;
                Locked(() => reader.Advance(count));
            }
        }
        finally
        {
            HeardEnd = reader.AtEnd;
            // What has been heard counts, however the stream ended.
            Locked(() =>
            {
                _order.Barrier();
                _fold.Finish();
            });
        }
        return _leaving.IsCancellationRequested || !Directory.Exists(Path.Combine(_proc, _process.Pid.ToString(CultureInfo.InvariantCulture)))
            ? null
            : "its stream of events broke off";
    }

    private void Locked(Action what)
    {
        lock (_lock)
            what();
    }

    private void Take(Collection collection)
    {
        _rates!.Take(collection);
        var clock = _clock!.Value;
        _sink.Take(clock.Utc(collection.Begin), new GcEvent
        {
            Host = "",
            Process = _process.Name,
            Pid = _process.Pid,
            Container = _process.Container,
            Service = _process.Service,
            Runtime = GcRuntime.Dotnet,
            Collector = ".NET",
            At = TimeSpan.Zero,
            Number = collection.Number,
            Kind = DotnetTerms.Kind(collection.Generation, collection.Background),
            Reason = DotnetTerms.Reason(collection.Reason),
            Pause = clock.Span(collection.Paused),
            Duration = clock.Span(Math.Max(0, collection.End - collection.Begin)),
            HeapBefore = collection.Before?.Sum(),
            HeapAfter = (collection.Sizes ?? collection.After)?.Sum(),
            HeapCommitted = collection.Committed,
            Generations = collection.Sizes ?? collection.After,
        });
        if (_fold.Missed > _missedTold)
        {
            _missedTold = _fold.Missed;
            _sink.Tell($"{_missedTold} collections of {_process.Name} ({_process.Pid}) were not heard in all: the process had no room left for its events.");
        }
    }
}
