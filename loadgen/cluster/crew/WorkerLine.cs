using System.Threading.Channels;

namespace Pressure.Cluster;

/// <summary>Sends to one worker's mailbox, in order, and tries again for a while what can't be sent: nobody else waits for a worker that is away.</summary>
internal sealed class WorkerLine : IAsyncDisposable
{
    private const int MostWaiting = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<Func<BusMessage>> _waiting = Channel.CreateBounded<Func<BusMessage>>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly IBus _bus;
    private readonly string _mailbox;
    private readonly TimeProvider _time;
    private readonly Task _sending;

    public WorkerLine(IBus bus, string worker, TimeProvider time)
    {
        (_bus, _mailbox, _time) = (bus, MessageKinds.WorkerMailbox(worker), time);
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Sends when those before it have been sent; it is made at that moment, so that what waits needs no memory.</summary>
    public void Send(Func<BusMessage> message) => _waiting.Writer.TryWrite(message);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _sending;
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var message in _waiting.Reader.ReadAllAsync(_stop.Token))
                await SendAsync(message);
        }
        catch (OperationCanceledException)
        {
            // The run is over; nobody waits for what is left.
        }
    }

    private async Task SendAsync(Func<BusMessage> message)
    {
        var begin = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await _bus.SendAsync(_mailbox, message(), _stop.Token);
                return;
            }
            catch (BusException) when (_time.GetElapsedTime(begin) < Patience)
            {
                await Task.Delay(Pause, _time, _stop.Token);
            }
            catch (BusException)
            {
                // A worker that can't be told anything is soon not heard any more either, and is replaced for that.
                return;
            }
        }
    }
}
