using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Pressure.Cluster;

/// <summary>The bus within one process: what a run on one machine needs.</summary>
public sealed class InProcessBus : IBus
{
    internal const int TopicCapacity = 1024;
    private const int MostDead = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, InProcessBox> _boxes = [];
    private readonly Dictionary<string, List<Listener>> _topics = [];
    private long _sent;
    private long _told;
    private long _delivered;
    private long _refused;
    private long _dropped;
    private bool _closed;

    /// <inheritdoc/>
    public bool IsConnected
    {
        get
        {
            lock (_gate)
                return !_closed;
        }
    }

    /// <inheritdoc/>
    public BusCounts Counts => new(Interlocked.Read(ref _sent), Interlocked.Read(ref _told), Interlocked.Read(ref _delivered), Interlocked.Read(ref _refused), Interlocked.Read(ref _dropped), 0);

    /// <summary>Messages that nobody could make anything of, with the reasons; the last 100.</summary>
    public ConcurrentQueue<(string Mailbox, BusMessage Message, string Why)> DeadLetters { get; } = new();

    /// <inheritdoc/>
    public ValueTask SendAsync(string mailbox, BusMessage message, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        BusNames.Check(mailbox);
        BusNames.Check(message);
        InProcessBox? box;
        lock (_gate)
        {
            CheckOpen();
            if (!_boxes.TryGetValue(mailbox, out box))
                throw new BusException($"There is no mailbox {mailbox}: its reader has not made it yet, or it was removed.");
        }
        if (!box.TryAdd(message))
            throw new BusException($"The mailbox {mailbox} is full: its reader does not keep up, or is gone. Look for the reader, and send again later.");
        Interlocked.Increment(ref _sent);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask TellAsync(string topic, BusMessage message, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        BusNames.Check(topic);
        BusNames.CheckTold(message);
        lock (_gate)
        {
            CheckOpen();
            foreach (var listener in _topics.GetValueOrDefault(topic) ?? [])
                listener.Messages.Writer.TryWrite(message);
        }
        Interlocked.Increment(ref _told);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IMailbox> OpenAsync(string mailbox, int unacknowledged = 1, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        BusNames.Check(mailbox);
        ArgumentOutOfRangeException.ThrowIfLessThan(unacknowledged, 1);
        lock (_gate)
        {
            CheckOpen();
            if (!_boxes.TryGetValue(mailbox, out var box))
                _boxes[mailbox] = box = new(mailbox);
            return Task.FromResult<IMailbox>(box.Open(this, unacknowledged));
        }
    }

    /// <inheritdoc/>
    public Task<IListener> ListenAsync(string topic, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        BusNames.Check(topic);
        var listener = new Listener(this, topic);
        lock (_gate)
        {
            CheckOpen();
            if (!_topics.TryGetValue(topic, out var listeners))
                _topics[topic] = listeners = [];
            listeners.Add(listener);
        }
        return Task.FromResult<IListener>(listener);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string mailbox, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        BusNames.Check(mailbox);
        InProcessBox? box;
        lock (_gate)
            _boxes.Remove(mailbox, out box);
        box?.Remove();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var box in _boxes.Values)
                box.Remove();
            foreach (var listener in _topics.Values.SelectMany(l => l))
                listener.Messages.Writer.TryComplete();
            _boxes.Clear();
            _topics.Clear();
        }
        return ValueTask.CompletedTask;
    }

    internal void CountDelivered() => Interlocked.Increment(ref _delivered);

    internal void KeepDead(string mailbox, BusMessage message, string why)
    {
        Interlocked.Increment(ref _refused);
        DeadLetters.Enqueue((mailbox, message, why));
        while (DeadLetters.Count > MostDead)
            DeadLetters.TryDequeue(out _);
    }

    private void CheckOpen()
    {
        if (_closed)
            throw new BusException("The bus is closed.");
    }

    private void Forget(Listener listener)
    {
        lock (_gate)
        {
            if (_topics.TryGetValue(listener.Topic, out var listeners) && listeners.Remove(listener) && listeners.Count == 0)
                _topics.Remove(listener.Topic);
        }
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
