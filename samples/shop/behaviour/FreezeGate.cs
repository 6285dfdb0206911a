namespace Shop;

/// <summary>Open, or closed until a moment. While it is closed everybody waits; then all go on at once.</summary>
internal sealed class FreezeGate(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _closed;
    private ITimer? _timer;
    private long _closedAt;
    private TimeSpan _closedFor;

    /// <summary>Time until the gate opens; zero when it is open.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
                return _closed is null ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(0, (_closedFor - time.GetElapsedTime(_closedAt)).Ticks));
        }
    }

    /// <summary>Closes the gate from now on for a time; zero opens it.</summary>
    public void CloseFor(TimeSpan duration)
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            if (duration <= TimeSpan.Zero)
            {
                Open();
                return;
            }

            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_closedAt, _closedFor) = (time.GetTimestamp(), duration);
            _timer = time.CreateTimer(static self => ((FreezeGate)self!).OnTimer(), this, duration, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Waits while the gate is closed.</summary>
    public Task PassAsync(CancellationToken gone)
    {
        lock (_gate)
            return _closed is null ? Task.CompletedTask : _closed.Task.WaitAsync(gone);
    }

    public void Dispose() => CloseFor(TimeSpan.Zero);

    private void OnTimer()
    {
        lock (_gate)
        {
            // A timer of an earlier freeze may fire just as a new one begins.
            var left = _closedFor - time.GetElapsedTime(_closedAt);
            if (left > TimeSpan.Zero)
                _timer?.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            else
                Open();
        }
    }

    private void Open()
    {
        _closed?.TrySetResult();
        _closed = null;
    }
}
