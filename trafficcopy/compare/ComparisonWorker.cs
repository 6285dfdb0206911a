namespace Pressure.TrafficCopy;

/// <summary>
/// Compares answers on a thread of its own, so that whoever has them never waits. What comes while its queue is full is not compared, and counted
/// (<c>behind</c>). Thread-safe.
/// </summary>
public sealed class ComparisonWorker : IDisposable
{
    /// <summary>Why answers were not compared: the queue was full, or (a bug of ours, never seen) the comparison broke off.</summary>
    public const string Behind = "behind", Failed = "failed";

    private readonly AnswerComparison _comparison;
    private readonly DifferenceBook _book;
    private readonly long _mostBytes;
    private readonly object _gate = new();
    private readonly Queue<ComparisonJob> _queue = new();
    private readonly Thread _thread;
    private long _bytes;
    private bool _isEnding;

    /// <summary>Begins.</summary>
    /// <param name="comparison">How answers are compared.</param>
    /// <param name="book">Where differences go.</param>
    /// <param name="mostBytes">Bytes that may wait.</param>
    public ComparisonWorker(AnswerComparison comparison, DifferenceBook book, long mostBytes = 64 << 20)
    {
        (_comparison, _book, _mostBytes) = (comparison, book, mostBytes);
        _thread = new Thread(Work) { IsBackground = true, Name = "comparison" };
        _thread.Start();
    }

    /// <summary>Takes two answers to a request, copied; false when there is no room.</summary>
    public bool Offer(string endpoint, ReadOnlySpan<byte> request, in AnswerBytes expected, in AnswerBytes actual) =>
        Reserve(ComparisonJob.SizeOf(request, expected, actual, default)) is { } size && Put(Filled(new ComparisonJob(endpoint, request, size), expected, actual));

    /// <summary>The same with a secondary's answer besides.</summary>
    public bool Offer(string endpoint, ReadOnlySpan<byte> request, in AnswerBytes primary, in AnswerBytes secondary, in AnswerBytes candidate)
    {
        if (Reserve(ComparisonJob.SizeOf(request, primary, candidate, secondary)) is not { } size)
            return false;
        var job = Filled(new ComparisonJob(endpoint, request, size), primary, candidate);
        job.FillSecondary(secondary);
        return Put(job);
    }

    /// <summary>Waits until all is compared, as long as that may take; what is left then is not compared, and counted.</summary>
    public void Finish(TimeSpan atMost)
    {
        var deadline = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        lock (_gate)
        {
            while (_bytes > 0 && deadline - Environment.TickCount64 is > 0 and var left)
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(Math.Min(left, 1_000)));
            GiveUp();
        }
    }

    /// <summary>Ends it; what waits is not compared, and counted.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            GiveUp();
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
    }

    private static ComparisonJob Filled(ComparisonJob job, in AnswerBytes expected, in AnswerBytes actual)
    {
        job.Fill(expected, actual);
        return job;
    }

    /// <summary>Takes the room for a job before anything is copied.</summary>
    private int? Reserve(long size)
    {
        lock (_gate)
        {
            if (!_isEnding && _bytes + size <= _mostBytes)
            {
                _bytes += size;
                return (int)size;
            }
        }
        _book.NotCompared(Behind);
        return null;
    }

    private bool Put(ComparisonJob job)
    {
        lock (_gate)
        {
            _queue.Enqueue(job);
            if (_isEnding)
                GiveUp();
            Monitor.PulseAll(_gate);
        }
        return true;
    }

    private void GiveUp()
    {
        if (_queue.Count > 0)
            _book.NotCompared(Behind, _queue.Count);
        while (_queue.TryDequeue(out var job))
            Release(job);
    }

    private void Release(ComparisonJob job)
    {
        _bytes -= job.Size;
        job.Dispose();
        if (_bytes == 0)
            Monitor.PulseAll(_gate);
    }

    private void Work()
    {
        while (Next() is { } job)
        {
            Compare(job);
            lock (_gate)
                Release(job);
        }
    }

    private ComparisonJob? Next()
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_isEnding)
                Monitor.Wait(_gate);
            return _queue.TryDequeue(out var job) ? job : null;
        }
    }

    private void Compare(ComparisonJob job)
    {
        try
        {
            var noise = job.Secondary is { } secondary ? _comparison.Compare(job.Expected, secondary) : null;
            _book.Add(job.Endpoint, job.Request, _comparison.Compare(job.Expected, job.Actual, job.IsMasked), noise);
        }
#pragma warning disable CA1031 // On this thread it would end the process, which may be the gateway in front of production: counted and shown instead.
        catch (Exception)
#pragma warning restore CA1031
        {
            _book.NotCompared(Failed);
        }
    }
}
