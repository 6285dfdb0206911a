using System.Diagnostics.CodeAnalysis;

namespace Pressure.Reports.Export;

/// <summary>
/// Sends points to one place, beside everything else: whoever offers points never waits, whatever the place does.
/// <code>
/// Offer ─▶ bounded queue ─▶ batch ─▶ POST ─▶ taken
///   │ full                    ▲       │ not now: pause, again, up to so many tries
///   ▼                         └───────┤ refused
/// dropped, counted ◀──────────────────┘
/// </code>
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync disposes of the client after the loop has ended.")]
internal sealed class PointSink : IAsyncDisposable
{
    private readonly IPointFormat _format;
    private readonly HttpClient _http;
    private readonly SinkLimits _limits;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Queue<Chunk> _queue = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private TaskCompletionSource _more = NewSignal();
    private TaskCompletionSource _hurry = NewSignal();
    private int _waiting;
    private long _sent;
    private long _dropped;
    private string? _problem;
    private DateTimeOffset? _failingSince;

    /// <param name="name">What it is called.</param>
    /// <param name="format">How points are put.</param>
    /// <param name="http">Disposed of with the sink.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="time">For pauses and limits.</param>
    /// <param name="random">Spreads the pauses of several senders.</param>
    public PointSink(string name, IPointFormat format, HttpClient http, SinkLimits limits, TimeProvider time, Random random)
    {
        (Name, _format, _http, _limits, _time, _random) = (name, format, http, limits, time, random);
        _sending = Task.Run(RunAsync);
    }

    private sealed record Chunk(IReadOnlyList<MetricPoint> Points, ExportAccount Account);

    public string Name { get; }

    public SinkState State
    {
        get
        {
            lock (_gate)
                return new SinkState(Name, _sent, _dropped, _waiting, _problem, _failingSince);
        }
    }

    /// <summary>Puts points into the queue if there is room, else counts them as dropped. Never waits.</summary>
    public void Offer(IReadOnlyList<MetricPoint> points, ExportAccount account)
    {
        if (points.Count == 0 || !account.Offer(points.Count))
            return;
        TaskCompletionSource? waiter = null;
        lock (_gate)
        {
            if (_waiting + points.Count <= _limits.MostWaiting)
            {
                _queue.Enqueue(new Chunk(points, account));
                _waiting += points.Count;
                waiter = _more;
            }
            else
            {
                _dropped += points.Count;
                _problem ??= "it takes points more slowly than they come";
            }
        }
        if (waiter is null)
            account.Settle(sent: 0, dropped: points.Count);
        else
            waiter.TrySetResult();
    }

    /// <summary>A run is over: sends what it has told soon, drops the rest.</summary>
    public async Task CloseAsync(ExportAccount account)
    {
        lock (_gate)
            _hurry.TrySetResult();
        var left = await account.CloseAsync(_limits.Patience, _time);
        lock (_gate)
            _dropped += left;
    }

    /// <summary>Ends at once; what is queued is not sent any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await MoreAsync();
                while (TakeBatch() is { Count: > 0 } batch)
                    await SendAsync(batch);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task MoreAsync()
    {
        Task more, hurry;
        lock (_gate)
        {
            if (_queue.Count > 0)
                return;
            (_more, _hurry) = (NewSignal(), NewSignal());
            (more, hurry) = (_more.Task, _hurry.Task);
        }
        await more.WaitAsync(_stop.Token);
        await Task.WhenAny(hurry, Task.Delay(_limits.Linger, _time, _stop.Token));
    }

    private List<Chunk> TakeBatch()
    {
        List<Chunk> batch = [];
        var points = 0;
        lock (_gate)
        {
            while (_queue.TryPeek(out var next) && (points == 0 || points + next.Points.Count <= _limits.Batch))
            {
                _queue.Dequeue();
                if (next.Account.IsClosed)
                {
                    _waiting -= next.Points.Count;
                    continue;
                }
                batch.Add(next);
                points += next.Points.Count;
            }
        }
        return batch;
    }

    private async Task SendAsync(List<Chunk> batch)
    {
        IReadOnlyList<MetricPoint> points = [.. batch.SelectMany(c => c.Points)];
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await TryAsync(points);
            if (outcome is SendOutcome.NotNow later && attempt < _limits.Tries && batch.Any(c => !c.Account.IsClosed))
            {
                Note(later.Why);
                await Task.Delay(Pause(attempt), _time, _stop.Token);
                continue;
            }
            Settle(batch, outcome);
            return;
        }
    }

    private async Task<SendOutcome> TryAsync(IReadOnlyList<MetricPoint> points)
    {
        using var limit = new CancellationTokenSource(_limits.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, limit.Token);
        try
        {
            using var request = _format.Request(points);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await _format.ReadAsync(answer, either.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return new SendOutcome.NotNow($"it did not answer within {_limits.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new SendOutcome.NotNow(e.InnerException?.Message ?? e.Message);
        }
    }

    private TimeSpan Pause(int failures)
    {
        var longest = Math.Min(_limits.LongestPause.TotalSeconds, _limits.FirstPause.TotalSeconds * Math.Pow(2, failures - 1));
        return TimeSpan.FromSeconds(longest * (0.5 + (_random.NextDouble() / 2)));
    }

    private void Note(string why)
    {
        lock (_gate)
        {
            _problem = why;
            _failingSince ??= _time.GetUtcNow();
        }
    }

    private void Settle(List<Chunk> batch, SendOutcome outcome)
    {
        // Which points of a batch a sink rejects it does not tell; they are laid to its last chunks.
        var taken = outcome is SendOutcome.Taken t ? batch.Sum(c => (long)c.Points.Count) - t.Rejected : 0;
        foreach (var chunk in batch)
        {
            var sent = Math.Clamp(taken, 0, chunk.Points.Count);
            taken -= sent;
            // What a closed account counts as dropped stands in the total already.
            var counts = chunk.Account.Settle(sent, chunk.Points.Count - sent);
            lock (_gate)
            {
                _waiting -= chunk.Points.Count;
                _sent += counts ? sent : 0;
                _dropped += counts ? chunk.Points.Count - sent : 0;
            }
        }
        if (outcome is SendOutcome.Taken { Rejected: 0 })
        {
            lock (_gate)
                (_problem, _failingSince) = (null, null);
            return;
        }
        Note(outcome switch
        {
            SendOutcome.Taken some => $"it rejected {some.Rejected} points{(some.Why is { Length: > 0 } why ? ": " + why : "")}",
            SendOutcome.NotNow later => later.Why,
            SendOutcome.Refused refused => refused.Why,
            _ => "",
        });
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
