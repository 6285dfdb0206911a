namespace Pressure.Cluster.Tests;

/// <summary>A worker's way to a bus, which a test can cut: nothing comes through, mailboxes keep what is meant for it.</summary>
internal sealed class CuttableBus(IBus inner) : IBus
{
    private volatile bool _isCut;

    public bool IsCut
    {
        get => _isCut;
        set => _isCut = value;
    }

    /// <summary>Kinds of the messages that were sent over it.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Kinds { get; } = [];

    /// <summary>Messages that were refused while it was cut.</summary>
    public int Refused;

    public bool IsConnected => !IsCut;

    public BusCounts Counts => inner.Counts;

    public ValueTask SendAsync(string mailbox, BusMessage message, CancellationToken stop = default)
    {
        Check();
        Kinds.Enqueue(message.Kind);
        return inner.SendAsync(mailbox, message, stop);
    }

    public ValueTask TellAsync(string topic, BusMessage message, CancellationToken stop = default)
    {
        Check();
        return inner.TellAsync(topic, message, stop);
    }

    public Task<IMailbox> OpenAsync(string mailbox, int unacknowledged = 1, CancellationToken stop = default)
    {
        Check();
        return inner.OpenAsync(mailbox, unacknowledged, stop);
    }

    public async Task<IListener> ListenAsync(string topic, CancellationToken stop = default)
    {
        Check();
        return new CuttableListener(this, await inner.ListenAsync(topic, stop));
    }

    public Task RemoveAsync(string mailbox, CancellationToken stop = default)
    {
        Check();
        return inner.RemoveAsync(mailbox, stop);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Check()
    {
        if (!IsCut)
            return;
        Interlocked.Increment(ref Refused);
        throw new BusException("The broker can't be reached.");
    }

    private sealed class CuttableListener(CuttableBus bus, IListener inner) : IListener
    {
        public async IAsyncEnumerable<BusMessage> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
        {
            await foreach (var message in inner.ReadAsync(stop))
            {
                if (!bus.IsCut)
                    yield return message;
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
