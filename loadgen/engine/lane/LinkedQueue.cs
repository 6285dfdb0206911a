namespace Pressure.LoadGen.Engine;

/// <summary>Something that stands in at most one <see cref="LinkedQueue{T}"/>; the links are its own, so queueing allocates nothing.</summary>
internal abstract class Linked<T>
    where T : Linked<T>
{
    internal T? Next;
    internal T? Previous;
    internal LinkedQueue<T>? Queue;

    /// <summary>Leaves the queue that it stands in, if any.</summary>
    public void Unlink() => Queue?.Remove((T)this);
}

/// <summary>A doubly linked queue in the order of entry, which is that of deadlines too where all have the same time limit.</summary>
internal sealed class LinkedQueue<T>
    where T : Linked<T>
{
    private T? _last;

    /// <summary>The one that has stood longest.</summary>
    public T? First { get; private set; }

    /// <summary>The one that came last.</summary>
    public T? Last => _last;

    /// <summary>How many stand in it.</summary>
    public int Count { get; private set; }

    /// <summary>Puts an item at the end; takes it out of the queue it stood in.</summary>
    public void Enqueue(T item)
    {
        item.Unlink();
        item.Queue = this;
        item.Previous = _last;
        if (_last is null)
            First = item;
        else
            _last.Next = item;
        _last = item;
        Count++;
    }

    /// <summary>Takes the first one off.</summary>
    public T? Dequeue()
    {
        var item = First;
        if (item is not null)
            Remove(item);
        return item;
    }

    /// <summary>Takes an item out.</summary>
    public void Remove(T item)
    {
        if (item.Previous is null)
            First = item.Next;
        else
            item.Previous.Next = item.Next;
        if (item.Next is null)
            _last = item.Previous;
        else
            item.Next.Previous = item.Previous;
        item.Next = item.Previous = null;
        item.Queue = null;
        Count--;
    }
}
