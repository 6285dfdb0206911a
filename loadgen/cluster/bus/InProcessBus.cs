using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Pressure.Cluster;

/// <summary>The bus within one process: what a run on one machine needs.</summary>
public sealed class InProcessBus : IBus
{
    private const int TopicCapacity = 1024;
    private const int MostWaiting = 100_000;

    private readonly ConcurrentDictionary<string, Box> _boxes = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Listener>> _topics = [];
    private long _sent;
    private long _told;
    private long _delivered;
    private long _refused;
    private long _dropped;

    /// <inheritdoc/>
    public bool IsConnected => true;

    /// <inheritdoc/>
    public BusCounts Counts => new(Interlocked.Read(ref _sent), Interlocked.Read(ref _told), Interlocked.Read(ref _delivered), Interlocked.Read(ref _refused), Interlocked.Read(ref _dropped), 0);

    /// <summary>Messages that nobody could make anything of, with the reasons; the last 100.</summary>
    public ConcurrentQueue<(string Mailbox, BusMessage Message, string Why)> DeadLetters { get; } = new();

    /// <inheritdoc/>
    public ValueTask SendAsync(string mailbox, BusMessage message, CancellationToken stop = default)
    {
        Refuse(message);
        if (!_boxes.TryGetValue(mailbox, out var box))
            throw new BusException($"There is no mailbox {mailbox}.");
        if (!box.Messages.Writer.TryWrite(message))
            throw new BusException($"The mailbox {mailbox} is full: its reader does not keep up.");
        Interlocked.Increment(ref _sent);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask TellAsync(string topic, BusMessage message, CancellationToken stop = default)
    {
        Refuse(message);
        Interlocked.Increment(ref _told);
        lock (_gate)
        {
            foreach (var listener in _topics.GetValueOrDefault(topic) ?? [])
                listener.Messages.Writer.TryWrite(message);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IMailbox> OpenAsync(string mailbox, int unacknowledged = 1, CancellationToken stop = default)
    {
        var box = _boxes.GetOrAdd(mailbox, name => new Box(name));
        if (Interlocked.Exchange(ref box.Taken, 1) == 1)
            throw new MailboxTakenException(mailbox);
        return Task.FromResult<IMailbox>(new Mailbox(this, box, unacknowledged));
    }

    /// <inheritdoc/>
    public Task<IListener> ListenAsync(string topic, CancellationToken stop = default)
    {
        var listener = new Listener(this, topic);
        lock (_gate)
        {
            if (!_topics.TryGetValue(topic, out var listeners))
                _topics[topic] = listeners = [];
            listeners.Add(listener);
        }
        return Task.FromResult<IListener>(listener);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string mailbox, CancellationToken stop = default)
    {
        if (_boxes.TryRemove(mailbox, out var box))
            box.Messages.Writer.TryComplete();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var box in _boxes.Values)
            box.Messages.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private static void Refuse(BusMessage message)
    {
        if (message.Body.Length > BusMessage.MostBytes)
            throw new BusException($"A message of {message.Body.Length} bytes is too long; {BusMessage.MostBytes} are the most.");
    }

    private void Forget(Listener listener)
    {
        lock (_gate)
        {
            if (_topics.TryGetValue(listener.Topic, out var listeners) && listeners.Remove(listener) && listeners.Count == 0)
                _topics.Remove(listener.Topic);
        }
    }

    private void KeepDead(string mailbox, BusMessage message, string why)
    {
        Interlocked.Increment(ref _refused);
        DeadLetters.Enqueue((mailbox, message, why));
        while (DeadLetters.Count > 100)
            DeadLetters.TryDequeue(out _);
    }

    private sealed class Box(string name)
    {
        public int Taken;

        public string Name { get; } = name;

        public Channel<BusMessage> Messages { get; } = Channel.CreateBounded<BusMessage>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait });

        // What a reader left unacknowledged: the next one gets it first.
        public Queue<BusMessage> Again { get; } = new();
    }

    private sealed class Mailbox(InProcessBus bus, Box box, int unacknowledged) : IMailbox
    {
        private readonly SemaphoreSlim _free = new(unacknowledged);
        private readonly List<Delivery> _open = [];
        private int _closed;

        public async IAsyncEnumerable<BusDelivery> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
        {
            while (true)
            {
                await _free.WaitAsync(stop);
                if (!box.Again.TryDequeue(out var message))
                {
                    if (!await box.Messages.Reader.WaitToReadAsync(stop))
                        yield break;
                    if (!box.Messages.Reader.TryRead(out message))
                        continue;
                }
                Interlocked.Increment(ref bus._delivered);
                var delivery = new Delivery(this, message);
                lock (_open)
                    _open.Add(delivery);
                yield return delivery;
            }
        }

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 1)
                return ValueTask.CompletedTask;
            lock (_open)
            {
                foreach (var delivery in _open)
                    box.Again.Enqueue(delivery.Message);
                _open.Clear();
            }
            Interlocked.Exchange(ref box.Taken, 0);
            return ValueTask.CompletedTask;
        }

        private bool End(Delivery delivery)
        {
            lock (_open)
            {
                if (!_open.Remove(delivery))
                    return false;
            }
            _free.Release();
            return true;
        }

        private sealed class Delivery(Mailbox mailbox, BusMessage message) : BusDelivery(message)
        {
            public override ValueTask AcknowledgeAsync()
            {
                mailbox.End(this);
                return ValueTask.CompletedTask;
            }

            public override ValueTask RefuseAsync(string why)
            {
                if (mailbox.End(this))
                    mailbox.Bus.KeepDead(mailbox.Name, Message, why);
                return ValueTask.CompletedTask;
            }
        }

        private InProcessBus Bus => bus;

        private string Name => box.Name;
    }

    private sealed class Listener : IListener
    {
        private readonly InProcessBus _bus;

        public Listener(InProcessBus bus, string topic)
        {
            (_bus, Topic) = (bus, topic);
            Messages = Channel.CreateBounded<BusMessage>(new BoundedChannelOptions(TopicCapacity) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref bus._dropped));
        }

        public string Topic { get; }

        public Channel<BusMessage> Messages { get; }

        public IAsyncEnumerable<BusMessage> ReadAsync(CancellationToken stop = default) => Messages.Reader.ReadAllAsync(stop);

        public ValueTask DisposeAsync()
        {
            _bus.Forget(this);
            Messages.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
