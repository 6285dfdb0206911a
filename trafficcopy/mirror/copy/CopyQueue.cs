namespace Pressure.Mirror;

/// <summary>
/// Copies that wait, and those under way: so many at a time, each a task of its own that takes the next one when it has ended. When as many wait as may,
/// the newest is turned away. Thread-safe.
/// </summary>
internal sealed class CopyQueue(CopyLimits limits, Func<HeldExchange, Task> send, Action<HeldExchange, CopyFate> drop)
{
    private readonly Lock _gate = new();
    private readonly Queue<HeldExchange> _waiting = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;
    private bool _isEnded;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>How many are under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Takes a copy, or drops it.</summary>
    public void Offer(HeldExchange copy)
    {
        CopyFate refused;
        lock (_gate)
        {
            if (!_isEnded && _underWay < limits.Concurrency)
            {
                _underWay++;
                // Not here: whoever offers has clients to serve.
                ThreadPool.UnsafeQueueUserWorkItem(RunFrom, copy, preferLocal: false);
                return;
            }
            if (!_isEnded && _waiting.Count < limits.QueueRequests)
            {
                _waiting.Enqueue(copy);
                return;
            }
            refused = _isEnded ? CopyFate.Ended : CopyFate.QueueFull;
        }
        drop(copy, refused);
    }

    /// <summary>Takes no more, drops what waits, and waits for what is under way.</summary>
    public Task EndAsync()
    {
        List<HeldExchange> left;
        lock (_gate)
        {
            _isEnded = true;
            left = [.. _waiting];
            _waiting.Clear();
            if (_underWay == 0)
                _idle.TrySetResult();
        }
        foreach (var copy in left)
            drop(copy, CopyFate.Ended);
        return _idle.Task;
    }

    private void RunFrom(HeldExchange first) => _ = RunAsync(first);

    private async Task RunAsync(HeldExchange? copy)
    {
        while (copy is not null)
        {
            try
            {
                await send(copy);
            }
#pragma warning disable CA1031 // Whatever a test target manages to provoke, the gateway in front of production lives on, and the copy is counted.
            catch (Exception)
#pragma warning restore CA1031
            {
                drop(copy, CopyFate.Broken);
            }
            copy = Next();
        }
    }

    private HeldExchange? Next()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var next))
                return next;
            if (--_underWay == 0 && _isEnded)
                _idle.TrySetResult();
            return null;
        }
    }
}
