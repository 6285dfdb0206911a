using Pressure.TrafficCopy;

namespace Pressure.Agent;

/// <summary>
/// One capture on the agent's host, on a thread of its own. It ends by itself: when it has enough, or when nobody has asked for it for as long as its lease.
/// <code>
/// kernel -> LiveCapture -> CapturePipeline -> ExchangeFilter -> Masking -> ExchangeStreamWriter -> capture.read
/// </code>
/// </summary>
internal sealed class AgentCapture : IDisposable
{
    private readonly CaptureTerms _terms;
    private readonly TimeProvider _time;
    private readonly LiveCapture _capture;
    private readonly CaptureAccounts _accounts = new();
    private readonly ExchangeStreamWriter _stream;
    private readonly Masking _masking;
    private readonly ExchangeFilter _filter;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _lease;
    private readonly Thread _thread;
    private long _asked;
    private int _readers;
    private string? _why;
    private volatile bool _ended;

    private AgentCapture(CaptureTerms terms, LiveCapture capture, TimeProvider time)
    {
        (_terms, _capture, _time, _asked) = (terms, capture, time, time.GetTimestamp());
        _stream = new(terms.WaitingBytes);
        _masking = new(terms.Masks, _stream);
        _filter = new(terms.Filter, _masking);
        _lease = time.CreateTimer(_ => EndIfUnasked(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _thread = new(Run) { IsBackground = true, Name = "capture" };
        _thread.Start();
    }

    /// <summary>Its name.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether nothing more is captured, and nobody has asked for the rest for as long as the lease.</summary>
    public bool IsForgotten => _ended && IsUnasked;

    /// <summary>Begins one; why it can't be, for people.</summary>
    public static (AgentCapture? Capture, string? Problem) Begin(CaptureTerms terms, TimeProvider time) => LiveCapture.Open(terms.Live, time) switch
    {
        LiveOpening.Opened opened => (new AgentCapture(terms, opened.Capture, time), null),
        LiveOpening.Refused refused => (null, refused.Problem.ToString()),
        _ => throw new InvalidOperationException("An opening is one or the other."),
    };

    /// <summary>How it stands.</summary>
    public CaptureTold Told() => new()
    {
        Capture = Id,
        What = _terms.What,
        Now = Now,
        Ended = _ended,
        Why = Volatile.Read(ref _why),
        Counts = new(
            _accounts.Packets, _stream.Exchanges, _accounts[Happening.Connection], _accounts[Happening.DroppedByCapture], _accounts[PacketFate.Shed], _accounts[Happening.Rest],
            _stream.Dropped, Enum.GetValues<FilterReason>().Where(r => r != FilterReason.None).Sum(r => _filter[r]), _stream.Waiting),
    };

    /// <summary>The same, when it has just begun.</summary>
    public CaptureTold Begun() => Told() with { Masked = _terms.Masks.InWords };

    /// <summary>What waits from a place of the stream on; waits for it for a while. Null when there is no such place (any more).</summary>
    public async Task<CaptureTold?> ReadAsync(long from, TimeSpan patience, int most, CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        Interlocked.Increment(ref _readers);
        try
        {
            // In looks, not woken by each exchange: so one answer takes many.
            while (!_stream.HasFrom(from) && !_ended && _time.GetElapsedTime(began) < patience)
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, stop);
        }
        finally
        {
            // In this order: whoever finds no reader must find when the last one left.
            Volatile.Write(ref _asked, _time.GetTimestamp());
            Interlocked.Decrement(ref _readers);
        }

        // In this order: what came before it ended is in the bytes.
        var ended = _ended;
        if (_stream.Fetch(from, most) is not { } bytes)
            return null;
        var over = ended && _stream.IsOver(from + bytes.Length);
        return Told() with { Bytes = bytes, Ended = ended, Over = over, Account = over ? Settled() : null };
    }

    /// <summary>Ends it; what waits can still be fetched.</summary>
    public void Stop(string? why)
    {
        Interlocked.CompareExchange(ref _why, why, null);
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    /// <summary>Ends it and forgets what waits.</summary>
    public void Dispose()
    {
        Stop(null);
        _thread.Join();
        _lease.Dispose();
        _capture.Dispose();
        _stop.Dispose();
    }

    private long Now => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    // Whoever waits for an answer asks all the while, however short the lease is. In this order, see ReadAsync.
    private bool IsUnasked => Volatile.Read(ref _readers) == 0 && _time.GetElapsedTime(Volatile.Read(ref _asked)) > _terms.Lease;

    private void EndIfUnasked()
    {
        if (!_ended && IsUnasked)
            Stop($"Nobody asked for it for {_terms.Lease.TotalSeconds:0} s.");
    }

    private void Run()
    {
        try
        {
            var options = _terms.Pipeline;
            var pipeline = new CapturePipeline(new ConversationOpener(_filter, _accounts, options.Conversations.WithReaders(null)), _accounts, options.Asked, options.Limits);
            var outcome = pipeline.Capture(_capture, _stop.Token);
            pipeline.Flush();
            Interlocked.CompareExchange(ref _why, WhyEnded(outcome), null);
        }
        catch (Exception e)
        {
            // Whatever it is must not end the agent, which has other things to do.
            Interlocked.CompareExchange(ref _why, $"It failed: {e.Message}", null);
        }
        finally
        {
            // What waits may be fetched much later; until then the kernel must not keep packets that nobody reads.
            _capture.Dispose();
            _stream.Complete();
            _ended = true;
        }
    }

    private static string? WhyEnded(LiveCaptureOutcome outcome) => outcome.End switch
    {
        LiveCaptureEnd.Time => "Its time is over.",
        LiveCaptureEnd.Bytes or LiveCaptureEnd.Packets => "It has as much as was asked for.",
        LiveCaptureEnd.Broken => outcome.Problem?.ToString() ?? "It broke off.",
        _ => null,
    };

    private CaptureSettlement Settled()
    {
        var leftOut = new Dictionary<string, long>(_filter.LeftOut);
        if (_stream.Dropped > 0)
            leftOut["link"] = _stream.Dropped;
        return new(AccountsReport.Of(_accounts), leftOut, new Dictionary<string, long>(_masking.Counts));
    }
}
