using RabbitMQ.Client;

namespace Pressure.Cluster;

/// <summary>Keeps one connection to a broker, and makes another one when it is lost.</summary>
internal sealed class BrokerLink : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(3);

    private readonly BrokerDialler _dialler;
    private readonly RabbitBusOptions _options;
    private readonly string _name;
    private readonly Func<IConnection, CancellationToken, Task> _prepare;
    private readonly Action<BusNotice> _notice;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    // Of many that have lost one broker not all come back in the same moment.
    private readonly double _spread = 0.75 + (uint)Guid.NewGuid().GetHashCode() / (2.0 * uint.MaxValue);
    private TaskCompletionSource<IConnection> _current = New();
    private TaskCompletionSource _open = NewOpen();
    private Task _keeping = Task.CompletedTask;
    private string? _blocked;
    private string _lastWhy = "It is not connected yet.";
    private long _interruptions;
    private long _blockings;

    /// <param name="dialler">Makes connections.</param>
    /// <param name="options">How long to wait for what.</param>
    /// <param name="name">What the connection is called at the broker.</param>
    /// <param name="prepare">Is done with each new connection before anybody gets it.</param>
    /// <param name="notice">Gets to know what befalls it.</param>
    public BrokerLink(BrokerDialler dialler, RabbitBusOptions options, string name, Func<IConnection, CancellationToken, Task> prepare, Action<BusNotice> notice)
    {
        (_dialler, _options, _name, _prepare, _notice) = (dialler, options, name, prepare, notice);
        _open.TrySetResult();
    }

    public bool IsConnected => Current.IsCompletedSuccessfully && Current.Result.IsOpen;

    /// <summary>Why the broker takes no messages now; null when it does.</summary>
    public string? Blocked => Volatile.Read(ref _blocked);

    public long Interruptions => Interlocked.Read(ref _interruptions);

    public long Blockings => Interlocked.Read(ref _blockings);

    /// <summary>What keeps messages from being carried right now.</summary>
    public string Trouble => _stop.IsCancellationRequested ? Limit.Closed : Blocked is { } why
        ? $"The broker at {_dialler.Address} takes no messages ({why}). Give it memory or disk space, or let readers empty its queues (rabbitmqctl status shows the alarm)."
        : IsConnected
            ? $"The broker at {_dialler.Address} does not confirm. Look into its log; a queue whose nodes are away in their majority can't take messages."
            : $"There is no connection to the broker at {_dialler.Address}. {Volatile.Read(ref _lastWhy)}";

    private Task<IConnection> Current
    {
        get
        {
            lock (_gate)
                return _current.Task;
        }
    }

    /// <summary>Makes the first connection.</summary>
    /// <exception cref="BusException">There is none.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        var began = _options.Time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            var outcome = await DialAsync(stop);
            if (outcome.Connection is { } connection)
            {
                _keeping = KeepAsync(connection);
                return;
            }
            if (outcome.Failure!.IsFinal || _options.Time.GetElapsedTime(began) >= _options.StartLimit)
                throw new BusException(outcome.Failure.Text);
            await Task.Delay(pause, _options.Time, stop);
            pause = Longer(pause);
        }
    }

    /// <summary>The connection, as soon as there is one.</summary>
    public async Task<IConnection> ConnectionAsync(CancellationToken stop)
    {
        while (true)
        {
            var connection = await Current.WaitAsync(stop);
            if (connection.IsOpen)
                return connection;
            // Its end is being noticed just now.
            await Task.Delay(FirstPause, _options.Time, stop);
        }
    }

    /// <summary>Returns when the broker takes messages.</summary>
    public Task UnblockedAsync(CancellationToken stop)
    {
        lock (_gate)
            return _open.Task.WaitAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        lock (_gate)
        {
            if (_current.Task.IsCompleted)
                _current = New();
            _current.TrySetException(new BusException(Limit.Closed));
            _open.TrySetException(new BusException(Limit.Closed));
            // Perhaps nobody waits for them.
            _ = (_current.Task.Exception, _open.Task.Exception);
        }
    }

    private async Task KeepAsync(IConnection? connection)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                connection ??= await RedialAsync();
                await HoldAsync(connection);
                connection = null;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task HoldAsync(IConnection connection)
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, reason) =>
        {
            ended.TrySetResult($"It was closed: {reason.ReplyText}.");
            return Task.CompletedTask;
        };
        connection.ConnectionBlockedAsync += (_, blocked) => Block(blocked.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => Unblock();
        if (!connection.IsOpen)
            ended.TrySetResult($"It was closed: {connection.CloseReason?.ReplyText}.");
        lock (_gate)
            _current.TrySetResult(connection);
        _notice(new BusNotice.Connected(_dialler.Address.ToString()));
        try
        {
            var why = await ended.Task.WaitAsync(_stop.Token);
            Volatile.Write(ref _lastWhy, why);
            Interlocked.Increment(ref _interruptions);
            lock (_gate)
                _current = New();
            await Unblock();
            _notice(new BusNotice.Away(why));
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    private async Task<DialOutcome> DialAsync(CancellationToken stop)
    {
        var outcome = await _dialler.DialAsync(_name, stop);
        if (outcome.Connection is not { } connection)
            return outcome;
        try
        {
            await _prepare(connection, stop);
            return outcome;
        }
        catch (Exception e) when (BrokerErrors.IsLoss(e, stop))
        {
            await CloseAsync(connection);
            return new(null, BrokerFailure.OfPreparing(e, _dialler.Address));
        }
        catch
        {
            await CloseAsync(connection);
            throw;
        }
    }

    private async Task<IConnection> RedialAsync()
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var outcome = await DialAsync(_stop.Token);
            if (outcome.Connection is { } connection)
                return connection;
            Volatile.Write(ref _lastWhy, outcome.Failure!.Text);
            await Task.Delay(pause * _spread, _options.Time, _stop.Token);
        }
    }

    private Task Block(string why)
    {
        lock (_gate)
        {
            _blocked = why;
            if (_open.Task.IsCompleted)
                _open = NewOpen();
        }
        Interlocked.Increment(ref _blockings);
        _notice(new BusNotice.Blocked(why));
        return Task.CompletedTask;
    }

    private Task Unblock()
    {
        lock (_gate)
        {
            if (_blocked is null)
                return Task.CompletedTask;
            _blocked = null;
            _open.TrySetResult();
        }
        _notice(new BusNotice.Unblocked());
        return Task.CompletedTask;
    }

    private static async Task CloseAsync(IConnection connection)
    {
        try
        {
            if (connection.IsOpen)
                await connection.CloseAsync(200, "done", CloseLimit, abort: true, CancellationToken.None);
            await connection.DisposeAsync();
        }
        catch (Exception e) when (BrokerErrors.IsLoss(e, CancellationToken.None))
        {
            // It is gone either way.
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static TaskCompletionSource<IConnection> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewOpen() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
