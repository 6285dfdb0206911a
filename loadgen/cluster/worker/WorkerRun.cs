namespace Pressure.Cluster;

/// <summary>What a worker does for one run: its shares, its beats, the orders that it hears. Lasts until its last share is done.</summary>
internal sealed class WorkerRun : IAsyncDisposable
{
    private static readonly TimeSpan ClockPause = TimeSpan.FromMinutes(1);

    private readonly IBus _bus;
    private readonly WorkerParts _parts;
    private readonly Guid _instance;
    private readonly TimeSpan _heartbeat;
    private readonly CancellationTokenSource _over = new();
    private readonly SemaphoreSlim _asking = new(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<HeldShare, (WorkerShare Share, Task Work)> _shares = [];
    private readonly Task _beating;
    private readonly Task _listening;
    private readonly Task _askingAgain;
    private ClockEstimate? _clock;
    private long _heardAt;
    private TaskCompletionSource _beatNow = NewSignal();
    private Orders? _orders;

    /// <summary>Begins to beat and to listen.</summary>
    public WorkerRun(IBus bus, ShareOffer offer, WorkerParts parts, Guid instance)
    {
        (_bus, _parts, _instance, _heartbeat) = (bus, parts, instance, offer.Heartbeat);
        Line = new(bus, offer.Run, parts.Options, parts.Time);
        Leases = new(parts.Time, offer.Lease);
        _heardAt = parts.Time.GetTimestamp();
        _listening = ListenAsync();
        _beating = BeatAsync();
        _askingAgain = AskAgainAsync();
    }

    /// <summary>The line to its coordinator.</summary>
    public RunLine Line { get; }

    /// <summary>Until when its shares may send.</summary>
    public LeaseBook Leases { get; }

    /// <summary>The last orders heard.</summary>
    public Orders? LastOrders
    {
        get
        {
            lock (_gate)
                return _orders;
        }
    }

    /// <summary>How long nothing has been heard of its coordinator.</summary>
    public TimeSpan Silence => _parts.Time.GetElapsedTime(Interlocked.Read(ref _heardAt));

    /// <summary>Its shares.</summary>
    public IReadOnlyList<WorkerShare> Shares
    {
        get
        {
            lock (_gate)
                return [.. _shares.Values.Select(s => s.Share)];
        }
    }

    /// <summary>Whether it makes load, or is about to.</summary>
    public bool IsBusy => Shares.Any(s => s.Phase < SharePhase.Delivering);

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsDone => Shares.All(s => s.Phase == SharePhase.Done);

    /// <summary>A share is offered. One that is known already (its offer came twice) changes nothing.</summary>
    public void Take(ShareOffer offer, CancellationToken leave)
    {
        lock (_gate)
        {
            if (_shares.ContainsKey(offer.Held()))
                return;
            var share = new WorkerShare(offer, this, _parts);
            _shares[share.Held] = (share, Task.Run(() => share.RunAsync(leave), CancellationToken.None));
        }
    }

    /// <summary>A share's start is known. Of one that is not there nothing follows: it was another start of this worker that had it.</summary>
    public void Take(ShareBegin begin) => Find(new(begin.Share, begin.Epoch))?.Begin(begin);

    /// <summary>What time it is at the coordinator, as it was asked at the beginning or later. Null when it did not answer.</summary>
    public async Task<ClockEstimate?> ClockAsync(CancellationToken stop)
    {
        await _asking.WaitAsync(stop);
        try
        {
            return _clock ??= await Line.AskClockAsync(stop);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Tells at once that it is alive: the sooner that is heard, the longer the lease.</summary>
    public void BeatNow() => Volatile.Read(ref _beatNow).TrySetResult();

    /// <summary>Ends all shares.</summary>
    public void End(string? failure)
    {
        foreach (var share in Shares)
            share.End(failure);
    }

    /// <summary>Until all shares are done.</summary>
    public Task Completion
    {
        get
        {
            lock (_gate)
                return Task.WhenAll(_shares.Values.Select(s => s.Work));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_beating, _listening, _askingAgain);
        _over.Dispose();
        _asking.Dispose();
    }

    private WorkerShare? Find(HeldShare held)
    {
        lock (_gate)
            return _shares.TryGetValue(held, out var found) ? found.Share : null;
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                var now = Interlocked.Exchange(ref _beatNow, NewSignal()).Task;
                await TellAsync();
                await Task.WhenAny(now, Task.Delay(LeaseTimes.BeatPause(_heartbeat), _parts.Time, _over.Token));
                _over.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over for us.
        }
    }

    // Two clocks that nobody corrects part by more than a share's handing over allows, within some minutes.
    private async Task AskAgainAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(ClockPause, _parts.Time, _over.Token);
                if (await Line.AskClockOnceAsync(_over.Token) is { } now)
                    await TakeAsync(now);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over for us.
        }
    }

    private async Task TakeAsync(ClockEstimate now)
    {
        await _asking.WaitAsync(_over.Token);
        if (_clock is { } known && now.Uncertainty < known.UncertaintyNow(_parts.Time))
            _clock = now;
        _asking.Release();
    }

    private async Task TellAsync()
    {
        HeldShare[] held = [.. Shares.Where(s => s.Phase is SharePhase.Ready or SharePhase.Pressing).Select(s => s.Held)];
        var beat = new Beat(_parts.Options.Name, _instance, Leases.Sending(), held);
        try
        {
            await _bus.TellAsync(MessageKinds.BeatsTopic(Line.Run), MessageBody.Write(MessageKinds.Beat, beat), _over.Token);
        }
        catch (BusException)
        {
            // The next one may come through; until then the lease runs.
        }
    }

    private async Task ListenAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                await using var orders = await _bus.ListenAsync(MessageKinds.OrdersTopic(Line.Run), _over.Token);
                await foreach (var message in orders.ReadAsync(_over.Token))
                    Take(message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (BusException)
            {
                await Task.Delay(LeaseTimes.BeatPause(_heartbeat), _parts.Time, _over.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private void Take(BusMessage message)
    {
        Orders orders;
        try
        {
            if (message.Kind != MessageKinds.Orders)
                return;
            orders = MessageBody.Read<Orders>(message, out _);
        }
        catch (InvalidDataException)
        {
            // A topic has no dead letters; the next orders say all that these could have said.
            return;
        }
        lock (_gate)
        {
            if (_orders is { } last && orders.Number <= last.Number)
                return;
            _orders = orders;
        }
        Interlocked.Exchange(ref _heardAt, _parts.Time.GetTimestamp());
        if (orders.Heard.TryGetValue(_parts.Options.Name, out var heard))
            Leases.Heard(heard);
        foreach (var share in Shares)
        {
            share.Renew();
            share.Take(orders);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
