namespace Shop;

/// <summary>Lets a limited number of requests in at once; the rest wait in order or are turned away. The limit may change at any time.</summary>
internal sealed class Admission
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _capacity = int.MaxValue;
    private WhenFull _whenFull;
    private int _inside;
    private int _peak;

    /// <summary>Requests inside now, and the most there were since <see cref="ForgetPeak"/>.</summary>
    public (int Inside, int Peak) Load
    {
        get
        {
            lock (_gate)
                return (_inside, _peak);
        }
    }

    public void ForgetPeak()
    {
        lock (_gate)
            _peak = _inside;
    }

    public void Limit(int? capacity, WhenFull whenFull)
    {
        lock (_gate)
        {
            (_capacity, _whenFull) = (capacity ?? int.MaxValue, whenFull);
            LetIn();
        }
    }

    /// <summary>Waits for a place; false when there is none and requests are to be rejected. A true one must <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller went away while it waited.</exception>
    public async ValueTask<bool> EnterAsync(CancellationToken gone)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_inside < _capacity)
            {
                Count();
                return true;
            }

            if (_whenFull == WhenFull.Reject)
                return false;
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        await using var _ = gone.Register(() => turn.TrySetCanceled(gone));
        await turn.Task;
        return true;
    }

    public void Leave()
    {
        lock (_gate)
        {
            _inside--;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_inside < _capacity && _waiting.TryDequeue(out var next))
        {
            // One who went away while waiting takes no place.
            if (next.TrySetResult())
                Count();
        }
    }

    private void Count()
    {
        _inside++;
        _peak = Math.Max(_peak, _inside);
    }
}
