using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>
/// Hands exchanges to a capture, on a thread of its own. What comes while its queue is full is dropped and counted; when the capture can't be written any
/// more it only counts. Thread-safe.
/// </summary>
internal sealed class ExchangeRecorder : IDisposable
{
    // Each holds at least some hundred bytes of the budget, ends of connections nothing.
    private const int MostWaiting = 100_000;

    private readonly IExchangeSink _sink;
    private readonly MirrorAccounts _accounts;
    private readonly ExchangeWriting _writing;
    private readonly object _gate = new();
    private readonly Queue<(HeldExchange? Exchange, long Ended, long At)> _queue = new();
    private readonly Thread _thread;
    private volatile string? _failure;
    private bool _isEnding;

    public ExchangeRecorder(IExchangeSink sink, MirrorAccounts accounts, ExchangeWriting writing)
    {
        (_sink, _accounts, _writing) = (sink, accounts, writing);
        // Nobody waits for it.
        _thread = new Thread(Work) { IsBackground = true, Name = "mirror record", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Why nothing is recorded any more; null while all is well.</summary>
    public string? Failure => _failure;

    /// <summary>Exchanges and ends of connections that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _queue.Count;
        }
    }

    /// <summary>Takes a settled exchange.</summary>
    public void Offer(HeldExchange held)
    {
        if (!Put((held, 0, 0)))
            Drop(held, RecordFate.QueueFull);
    }

    /// <summary>A client's connection has ended: its exchanges have been offered before.</summary>
    public void EndConnection(long connection, long at) => Put((null, connection, at));

    /// <summary>Hands over what waits, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
    }

    private bool Put((HeldExchange?, long, long) next)
    {
        lock (_gate)
        {
            if (_isEnding || _queue.Count >= MostWaiting)
                return false;
            _queue.Enqueue(next);
            // Somebody waits only for the first.
            if (_queue.Count == 1)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    private void Work()
    {
        while (Next() is var (held, connection, at))
        {
            if (held is not null)
                Record(held);
            else if (_failure is null)
                Try(() => _sink.EndConnection(connection, _writing.Nanoseconds(at)));
        }
    }

    private (HeldExchange?, long, long)? Next()
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_isEnding)
                Monitor.Wait(_gate);
            return _queue.TryDequeue(out var next) ? next : null;
        }
    }

    private void Record(HeldExchange held)
    {
        if (_failure is null)
            Try(() => _sink.Take(_writing.Of(held)));
        Drop(held, _failure is null ? RecordFate.Recorded : RecordFate.Failed);
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
#pragma warning disable CA1031 // On this thread it would end the process, which is the gateway in front of production: shown instead.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = e.Message;
        }
    }

    private void Drop(HeldExchange held, RecordFate fate)
    {
        held.Done(held.Record!);
        _accounts.Count(fate);
    }
}
