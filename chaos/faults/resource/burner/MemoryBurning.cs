using System.Runtime.InteropServices;

namespace Pressure.Faults;

/// <summary>Fills memory and keeps it, page for page; gives some back whenever the machine has less than the reserve left.</summary>
internal sealed unsafe class MemoryBurning : IBurning
{
    private const long Piece = 4 << 20;

    private readonly Stack<nint> _pieces = new();
    private readonly BurnerOrder _order;

    /// <summary>Fills it.</summary>
    public MemoryBurning(BurnerOrder order)
    {
        _order = order;
        for (var filled = 0L; filled < order.Bytes; filled += Piece)
        {
            if (MachineMemory.Available < order.Reserve)
                throw new FaultException($"The machine has less than the reserve of {order.Reserve >> 20} MiB left after {filled >> 20} MiB. Fill less.");
            var bytes = Math.Min(Piece, order.Bytes - filled);
            var piece = NativeMemory.Alloc((nuint)bytes);
            // Something else than zeros, and every page of it: memory that was not touched is none.
            NativeMemory.Fill(piece, (nuint)bytes, 0xA5);
            _pieces.Push((nint)piece);
        }
    }

    /// <inheritdoc/>
    public void Look()
    {
        while (MachineMemory.Available < _order.Reserve && _pieces.TryPop(out var piece))
            NativeMemory.Free((void*)piece);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_pieces.TryPop(out var piece))
            NativeMemory.Free((void*)piece);
    }
}
