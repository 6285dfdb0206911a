namespace Pressure.Mirror;

/// <summary>Memory that may be taken in all. Thread-safe.</summary>
internal sealed class ByteBudget(long most)
{
    private long _taken;
    private long _highest;

    /// <summary>Taken now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>The most that ever was.</summary>
    public long Highest => Volatile.Read(ref _highest);

    /// <summary>Takes some, or nothing when that would be too much.</summary>
    public bool TryTake(long bytes)
    {
        long before;
        do
        {
            before = Volatile.Read(ref _taken);
            if (before + bytes > most)
                return false;
        }
        while (Interlocked.CompareExchange(ref _taken, before + bytes, before) != before);
        if (before + bytes > Volatile.Read(ref _highest))
            Volatile.Write(ref _highest, before + bytes);
        return true;
    }

    /// <summary>Gives back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}

/// <summary>What one user of an exchange, the copy or the record, has taken of its budget. Its owner sees to it that one thread uses it at a time.</summary>
internal sealed class Claim(ByteBudget budget)
{
    private long _taken;

    /// <summary>Whether the exchange is still wanted for it.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Takes more; false when there is no room.</summary>
    public bool TryTake(long bytes)
    {
        if (!budget.TryTake(bytes))
            return false;
        _taken += bytes;
        return true;
    }

    /// <summary>It is not wanted any more.</summary>
    public void GiveUp()
    {
        budget.Return(_taken);
        (_taken, IsAlive) = (0, false);
    }
}
