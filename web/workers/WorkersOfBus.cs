using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Web.Workers;

/// <summary>The workers of a bus, by the cards that they show. The bus stays its owner's.</summary>
public sealed class WorkersOfBus : IWorkerDirectory, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IBus _bus;
    private readonly string? _planFolder;
    private readonly TimeProvider _time;
    private readonly long _begin;
    private readonly PresenceBook _presence = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    /// <summary>Begins to listen; a bus that is away is asked again every second.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="planFolder">The folder from which the files count that plans name; null when they may name none.</param>
    /// <param name="time">The clock.</param>
    public WorkersOfBus(IBus bus, string? planFolder, TimeProvider time)
    {
        (_bus, _planFolder, _time, _begin) = (bus, planFolder, time, time.GetTimestamp());
        _listening = Task.Run(ListenAsync);
    }

    /// <inheritdoc/>
    public bool HasBroker => true;

    /// <inheritdoc/>
    public IReadOnlyList<WorkerCard> Workers
    {
        get
        {
            lock (_gate)
                return _presence.At(Now);
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_begin);

    /// <inheritdoc/>
    public Task<Recruiting> RecruitAsync(RunRequest run, WorkersWish wish, IReadOnlyList<string> allow, CancellationToken stop) =>
        Crew.RecruitAsync(new CrewRequest(_bus, run, wish) { Allow = allow, PlanFolder = _planFolder }, _time, progress: null, stop);

    /// <summary>Listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var cards = await _bus.ListenAsync(MessageKinds.Presence, _stop.Token);
                await foreach (var message in cards.ReadAsync(_stop.Token))
                    Take(message);
                await Task.Delay(Pause, _time, _stop.Token);
            }
            catch (BusException)
            {
                await Task.Delay(Pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Take(BusMessage message)
    {
        try
        {
            var card = MessageBody.Read<WorkerCard>(message, out _);
            lock (_gate)
                _presence.Take(card, Now);
        }
        catch (InvalidDataException)
        {
            // Nobody is made of a message that can't be read; the bus counts what it carries, and the next card comes within a second.
        }
    }
}
