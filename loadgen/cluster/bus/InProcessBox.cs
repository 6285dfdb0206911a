using System.Runtime.CompilerServices;

namespace Pressure.Cluster;

/// <summary>A mailbox of the bus within one process: what waits in it, and who reads it.</summary>
internal sealed class InProcessBox(string name)
{
    private const int MostWaiting = 100_000;
    private const long MostWaitingBytes = 256 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _fresh = new();
    // What a reader left behind, by its place in the order: the next reader gets it first.
    private readonly PriorityQueue<Entry, long> _again = new();
    // Wakes the reader; null while there is none.
    private Action? _wake;
    private long _next;
    private long _count;
    private long _bytes;
    private bool _removed;

    /// <summary>Adds a message; false when there is no room.</summary>
    public bool TryAdd(BusMessage message)
    {
        lock (_gate)
        {
            if (_count >= MostWaiting || _bytes + message.Body.Length > MostWaitingBytes)
                return false;
            _count++;
            _bytes += message.Body.Length;
            _fresh.Enqueue(new(_next++, message));
            _wake?.Invoke();
            return true;
        }
    }

    /// <exception cref="MailboxTakenException">Somebody else reads it.</exception>
    public IMailbox Open(InProcessBus bus, int unacknowledged)
    {
        lock (_gate)
        {
            if (_wake is not null)
                throw new MailboxTakenException(name);
            var reader = new Reader(this, bus, unacknowledged);
            _wake = reader.Wake;
            return reader;
        }
    }

    /// <summary>Ends it with all that is in it.</summary>
    public void Remove()
    {
        lock (_gate)
        {
            _removed = true;
            _fresh.Clear();
            _again.Clear();
            _wake?.Invoke();
        }
    }

    private readonly record struct Entry(long Place, BusMessage Message);

    private sealed class Reader(InProcessBox box, InProcessBus bus, int unacknowledged) : IMailbox
    {
        private readonly HashSet<Delivery> _open = [];
        private readonly SemaphoreSlim _woken = new(0, 1);
        private bool _closed;

        public async IAsyncEnumerable<BusDelivery> ReadAsync([EnumeratorCancellation] CancellationToken stop = default)
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                var (delivery, isOver) = Take();
                if (isOver)
                    yield break;
                if (delivery is null)
                {
                    await _woken.WaitAsync(stop);
                    continue;
                }
                bus.CountDelivered();
                yield return delivery;
            }
        }

        // Within the box's lock.
        public void Wake()
        {
            if (_woken.CurrentCount == 0)
                _woken.Release();
        }

        public ValueTask DisposeAsync()
        {
            lock (box._gate)
            {
                if (_closed)
                    return ValueTask.CompletedTask;
                _closed = true;
                foreach (var delivery in _open)
                    box._again.Enqueue(delivery.Entry, delivery.Entry.Place);
                _open.Clear();
                box._wake = null;
                Wake();
            }
            return ValueTask.CompletedTask;
        }

        private (Delivery? Delivery, bool IsOver) Take()
        {
            lock (box._gate)
            {
                if (_closed || box._removed)
                    return (null, true);
                if (_open.Count >= unacknowledged || (!box._again.TryDequeue(out var entry, out _) && !box._fresh.TryDequeue(out entry)))
                    return (null, false);
                var delivery = new Delivery(this, entry);
                _open.Add(delivery);
                return (delivery, false);
            }
        }

        private bool End(Delivery delivery)
        {
            lock (box._gate)
            {
                if (!_open.Remove(delivery))
                    return false;
                box._count--;
                box._bytes -= delivery.Entry.Message.Body.Length;
                Wake();
                return true;
            }
        }

        private void Refuse(Delivery delivery, string why)
        {
            if (End(delivery))
                bus.KeepDead(box.Name, delivery.Message, why);
        }

        private sealed class Delivery(Reader reader, Entry entry) : BusDelivery(entry.Message)
        {
            public Entry Entry => entry;

            public override ValueTask AcknowledgeAsync()
            {
                reader.End(this);
                return ValueTask.CompletedTask;
            }

            public override ValueTask RefuseAsync(string why)
            {
                reader.Refuse(this, why);
                return ValueTask.CompletedTask;
            }
        }
    }

    private string Name => name;
}
