namespace Pressure.Cluster;

/// <summary>The workers of a bus that are there now, kept up to date until it is disposed of. Thread-safe.</summary>
public sealed class WorkerPresence : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly PresenceBook _book = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly IBus _bus;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Task _following;

    /// <summary>Begins to listen; a bus that is away is listened to as soon as it is back.</summary>
    public WorkerPresence(IBus bus, TimeProvider time)
    {
        (_bus, _time, _start) = (bus, time, time.GetTimestamp());
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Their cards, by name; one name has several where several workers have it.</summary>
    public IReadOnlyList<WorkerCard> Now
    {
        get
        {
            lock (_gate)
                return _book.At(_time.GetElapsedTime(_start));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following;
        _end.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await using var listener = await _bus.ListenAsync(MessageKinds.Presence, _end.Token);
                    await foreach (var message in listener.ReadAsync(_end.Token))
                        Take(message);
                }
                catch (BusException)
                {
                    // It says so itself; whoever shows no card meanwhile is gone from here.
                }
                await Task.Delay(Pause, _time, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Take(BusMessage message)
    {
        try
        {
            var card = MessageBody.Read<WorkerCard>(message, out _);
            lock (_gate)
                _book.Take(card, _time.GetElapsedTime(_start));
        }
        catch (InvalidDataException)
        {
            // Whoever shows such a card is no worker of ours.
        }
    }
}
