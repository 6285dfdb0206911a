namespace Pressure.TrafficCopy;

/// <summary>What all connections hold together, and the pieces that are free.</summary>
internal sealed class HeldMemory
{
    private const int MostFree = 1024;

    private readonly Stack<HeldPieces> _free = [];

    /// <summary>Memory that is taken.</summary>
    public long Cost { get; private set; }

    public void Add(TcpDirection direction, in HeldPiece what, ReadOnlySpan<byte> bytes, ref PayloadTally tally)
    {
        var held = Of(direction);
        Cost -= held.Cost;
        held.Add(what, bytes, ref tally);
        Cost += held.Cost;
    }

    public void AddLost(TcpDirection direction, in HeldPiece what)
    {
        var held = Of(direction);
        Cost -= held.Cost;
        held.AddLost(what);
        Cost += held.Cost;
    }

    public void RemoveFirst(TcpDirection direction)
    {
        var held = direction.Held!;
        Cost -= held.Cost;
        held.RemoveFirst();
        Cost += held.Cost;
        if (held.Count == 0)
            Release(direction);
    }

    /// <summary>Takes back what a direction has, which is empty by now.</summary>
    public void Release(TcpDirection direction)
    {
        if (direction.Held is { } held && _free.Count < MostFree)
            _free.Push(held);
        direction.Held = null;
    }

    private HeldPieces Of(TcpDirection direction) => direction.Held ??= _free.TryPop(out var free) ? free : new HeldPieces();
}
