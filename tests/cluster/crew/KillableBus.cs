using System.Runtime.CompilerServices;

namespace Pressure.Cluster.Tests;

/// <summary>One process's way to a bus, which can be cut: the process is dead for everybody else, and what it had not acknowledged lies in the mailboxes again.</summary>
internal sealed class KillableBus(IBus bus) : IBus
{
    private readonly CancellationTokenSource _cut = new();
    private readonly List<IMailbox> _mailboxes = [];

    public bool IsConnected => !_cut.IsCancellationRequested && bus.IsConnected;

    public BusCounts Counts => bus.Counts;

    public async Task CutAsync()
    {
        await _cut.CancelAsync();
        foreach (var mailbox in _mailboxes)
            await mailbox.DisposeAsync();
    }

    public ValueTask SendAsync(string mailbox, BusMessage message, CancellationToken stop = default)
    {
        ThrowIfCut();
        return bus.SendAsync(mailbox, message, stop);
    }

    public ValueTask TellAsync(string topic, BusMessage message, CancellationToken stop = default)
    {
        ThrowIfCut();
        return bus.TellAsync(topic, message, stop);
    }

    public async Task<IMailbox> OpenAsync(string mailbox, int unacknowledged = 1, CancellationToken stop = default)
    {
        ThrowIfCut();
        var opened = await bus.OpenAsync(mailbox, unacknowledged, stop);
        _mailboxes.Add(opened);
        return new Mailbox(opened, _cut.Token);
    }

    public async Task<IListener> ListenAsync(string topic, CancellationToken stop = default)
    {
        ThrowIfCut();
        return new Listener(await bus.ListenAsync(topic, stop), _cut.Token);
    }

    public Task RemoveAsync(string mailbox, CancellationToken stop = default)
    {
        ThrowIfCut();
        return bus.RemoveAsync(mailbox, stop);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfCut()
    {
        if (_cut.IsCancellationRequested)
            throw new BusException("The way to the bus is cut.");
    }

    private sealed class Mailbox(IMailbox mailbox, CancellationToken cut) : IMailbox
    {
        public async IAsyncEnumerable<BusDelivery> ReadAsync([EnumeratorCancellation] CancellationToken stop = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cut);
            await foreach (var delivery in mailbox.ReadAsync(either.Token))
            {
                if (cut.IsCancellationRequested)
                    yield break;
                yield return delivery;
            }
        }

        public ValueTask DisposeAsync() => cut.IsCancellationRequested ? ValueTask.CompletedTask : mailbox.DisposeAsync();
    }

    private sealed class Listener(IListener listener, CancellationToken cut) : IListener
    {
        public async IAsyncEnumerable<BusMessage> ReadAsync([EnumeratorCancellation] CancellationToken stop = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cut);
            await foreach (var message in listener.ReadAsync(either.Token))
                yield return message;
        }

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
