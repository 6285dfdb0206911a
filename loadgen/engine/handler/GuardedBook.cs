namespace Pressure.LoadGen.Engine;

/// <summary>A lane's book for several threads: one entry at a time.</summary>
internal sealed class GuardedBook(Lock gate, LaneBook book)
{
    /// <summary>Makes an entry.</summary>
    public void Enter(Action<LaneBook> entry)
    {
        lock (gate)
            entry(book);
    }
}
