using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// Listens to a JVM's collections by its GC log, found by the JVM's own options, inside its container too, and followed across rotation. A JVM
/// without a log is looked at through its performance counters, or, where these cannot be read, through <c>jstat</c>: they tell counts and times,
/// no heap before and no cycles.
/// </summary>
public sealed class JvmGcListener : IGcListener
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>A log that is to be written is there from the JVM's first moment on; a container's may take a little.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A stamp further ahead than this is no time of this clock.</summary>
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromSeconds(5);

    private const string Remedy =
        "For all of it start the JVM with -Xlog:gc*:file=/tmp/gc-%p.log:time,uptime,level,tags:filecount=3,filesize=20M "
        + "(JDK 8: -Xloggc:/tmp/gc-%p.log -XX:+PrintGCDetails -XX:+PrintGCDateStamps).";

    private readonly WatchedProcess _process;
    private readonly IGcSink _sink;
    private readonly TimeProvider _time;
    private readonly JvmFiles _files;
    private readonly HeapRates _rates = new();
    private readonly HashSet<string> _told = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly GcLogPlace? _place;
    private LogSource? _log;
    private readonly long _begun;
    private readonly Task<string?> _running;
    private IJvmSource? _instead;
    private DateTimeOffset? _start;
    private long _seen;
    private volatile bool _isListening;

    /// <summary>Begins to listen: collections that end from now on.</summary>
    /// <param name="process">The JVM.</param>
    /// <param name="sink">Takes its collections.</param>
    /// <param name="time">The clock.</param>
    /// <param name="proc">Where the kernel shows processes.</param>
    public JvmGcListener(WatchedProcess process, IGcSink sink, TimeProvider? time = null, string proc = "/proc")
    {
        (_process, _sink, _time, _files) = (process, sink, time ?? TimeProvider.System, new JvmFiles(process, proc));
        _begun = _seen = _time.GetTimestamp();
        var options = JvmOptions.Of(process.CommandLine, _files.Environ());
        _place = GcLogPlace.Of(options);
        if (_place is not null)
            _log = new LogSource(() => _place.Find(_files.Root, _files.Working, process.NamespacePid), Collectors.OfOptions(options), Take);
        _running = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public int Pid => _process.Pid;

    /// <summary>Whether the first look is over: collections that begin now are seen.</summary>
    internal bool IsListening => _isListening;

    /// <inheritdoc/>
    public Task<string?> Ended => _running;

    /// <inheritdoc/>
    public GcRates? Rates() => _rates.Take(_time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Never disposed: it holds nothing, and may be told twice.
        await _stop.CancelAsync();
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Goes on until it is told to stop; a fault of ours shows in <see cref="Ended"/>.</summary>
    private async Task<string?> RunAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            do
                Look();
            while (_files.IsThere && await timer.WaitForNextTickAsync(_stop.Token));
            // The process has ended: what it wrote last is still in its log.
            _log?.Look();
            return null;
        }
        catch (OperationCanceledException)
        {
            // Told to stop: once more for what was written up to now.
            Look();
            return null;
        }
        finally
        {
            _log?.Dispose();
            _instead?.Dispose();
        }
    }

    private void Look()
    {
        try
        {
            if (_log is not null && LookAtLog(_log))
            {
                _isListening = _log.IsOpen;
                return;
            }

            if (_instead is null)
            {
                _instead = new CounterSource(_files.Counters, Take);
                if (_place is null)
                    _sink.Tell($"{Who} writes no GC log: its collections come from its performance counters, without the heap before and without concurrent cycles. {Remedy}");
            }

            var isThere = _instead.Look();
            _isListening = isThere;
            if (isThere || !_files.IsThere)
                _seen = _time.GetTimestamp();
            else if (_instead is JstatSource)
                TellOnce($"{Who}: jstat can't reach it, so its collections are not seen. {Remedy}");
            if (_instead is CounterSource { TellsPauses: false })
                TellOnce($"{Who}: Shenandoah's counters do not tell pauses from work beside the program, so its collections are not seen. {Remedy}");
            if (!isThere && _instead is CounterSource && _time.GetElapsedTime(_seen) >= Patience)
            {
                _instead.Dispose();
                var jstat = JstatSource.Start(_process.Pid, Take);
                // Without it there is nothing to look at any more.
                _instead = jstat ?? new JstatSource(Take);
                _sink.Tell(jstat is not null
                    ? $"{Who}: its performance counters can't be read, so jstat is asked; pauses are known to a millisecond. {Remedy}"
                    : $"{Who}: neither a GC log nor performance counters can be read, and there is no jstat: its collections are not seen. {Remedy}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            TellOnce($"{Who}: what it writes about its collections can't be read: {e.Message}");
        }
    }

    /// <summary>Whether the log is, or may yet be, the place to look at.</summary>
    private bool LookAtLog(LogSource log)
    {
        if (log.Look())
        {
            if (log.Reader.Collector == Collectors.Zgc && !_place!.IsDetailed)
                TellOnce($"{Who}: its GC log tells no pauses, since ZGC writes them only for -Xlog:gc*. {Remedy}");
            return true;
        }

        if (_time.GetElapsedTime(_begun) < Patience)
            return true;
        _sink.Tell($"{Who}: its GC log {_place!.Name} is not there or can't be read; its collections come from its performance counters instead.");
        log.Dispose();
        _log = null;
        return false;
    }

    private string Who => $"{_process.Name} (process {_process.Pid})";

    private void TellOnce(string what)
    {
        if (_told.Add(what))
            _sink.Tell(what);
    }

    private void Take(LoggedGc collection)
    {
        var at = TimeOf(collection);
        _rates.Take(at, collection);
        _sink.Take(at, new GcEvent
        {
            Host = "",
            Process = _process.Name,
            Pid = _process.Pid,
            Container = _process.Container,
            Service = _process.Service,
            Runtime = GcRuntime.Jvm,
            Collector = collection.Collector,
            At = TimeSpan.Zero,
            Number = collection.Number,
            Kind = collection.Kind,
            Reason = collection.Reason,
            Pause = collection.Pause,
            Duration = collection.Duration,
            HeapBefore = collection.Heap.Before,
            HeapAfter = collection.Heap.After,
            HeapCommitted = collection.Heap.Committed,
        });
    }

    /// <summary>The log's wall time if it has one, else the JVM's start and its uptime, else the time of reading.</summary>
    private DateTimeOffset TimeOf(in LoggedGc collection)
    {
        var now = _time.GetUtcNow();
        if (collection.Begin.Wall is { } wall && wall <= now + FurthestAhead)
            return wall;
        _start ??= (_files.Counters() is { } bytes && HsPerfData.Read(bytes) is { } data ? CounterSource.StartOf(data) : null) ?? _files.Start(_time);
        return _start is { } start && collection.Begin.Uptime is { } uptime && uptime < now + FurthestAhead - start ? start + uptime : now - collection.Duration;
    }
}
