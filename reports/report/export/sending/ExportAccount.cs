namespace Pressure.Reports.Export;

/// <summary>What became of the points of one run at one sink: <c>Offered = Sent + Dropped + Waiting</c>, until it is closed; then nothing waits. Thread-safe.</summary>
internal sealed class ExportAccount
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _settled;
    private long _offered;
    private long _sent;
    private long _dropped;

    public long Sent => Volatile.Read(ref _sent);

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>From now on nothing is sent for it any more.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>False when it is closed: the points are not counted at all.</summary>
    public bool Offer(int points)
    {
        lock (_gate)
        {
            if (IsClosed)
                return false;
            _offered += points;
            return true;
        }
    }

    /// <summary>False when it is closed: those points are counted as dropped already.</summary>
    public bool Settle(long sent, long dropped)
    {
        lock (_gate)
        {
            if (IsClosed)
                return false;
            _sent += sent;
            _dropped += dropped;
            if (_sent + _dropped == _offered)
                _settled?.TrySetResult();
            return true;
        }
    }

    /// <summary>Waits until nothing waits any more, but no longer than <paramref name="patience"/>; what still waits then is dropped. Gives how many that were.</summary>
    public async Task<long> CloseAsync(TimeSpan patience, TimeProvider time)
    {
        Task settled;
        lock (_gate)
        {
            _settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_sent + _dropped == _offered)
                _settled.TrySetResult();
            settled = _settled.Task;
        }
        try
        {
            await settled.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // What is left over is counted below.
        }
        lock (_gate)
        {
            if (!_closed.TrySetResult())
                return 0;
            var left = _offered - _sent - _dropped;
            _dropped += left;
            return left;
        }
    }
}
