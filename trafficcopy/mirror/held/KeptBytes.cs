using System.Buffers;

namespace Pressure.Mirror;

/// <summary>The beginning of a body, up to a limit, in a rented array that grows. Its owner sees to it that one thread uses it at a time.</summary>
internal sealed class KeptBytes(int limit)
{
    // What a declared length promises may never come, so even the first array is small.
    private const int Smallest = 4 << 10;

    private byte[] _bytes = [];

    /// <summary>How many are kept.</summary>
    public int Length { get; private set; }

    /// <summary>How many there were, kept or not.</summary>
    public long Total { get; private set; }

    /// <summary>Whether there were more than are kept.</summary>
    public bool IsCut => Total > Length;

    /// <summary>What is kept.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>How many bytes the array must grow by before these are added.</summary>
    public int GrowthFor(int more)
    {
        var needed = Math.Min((long)Length + more, limit);
        return needed <= _bytes.Length ? 0 : NewSize((int)needed) - _bytes.Length;
    }

    /// <summary>Adds bytes; those beyond the limit are only counted.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var kept = bytes[..Math.Min(bytes.Length, limit - Length)];
        if (kept.Length > _bytes.Length - Length)
            Grow(Length + kept.Length);
        kept.CopyTo(_bytes.AsSpan(Length));
        Length += kept.Length;
        Total += bytes.Length;
    }

    /// <summary>Gives the array back.</summary>
    public void Release()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Length) = ([], 0);
    }

    // Sizes that the pool has, so that what is charged for is what is taken.
    private static int NewSize(int needed) => (int)Math.Max(Smallest, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed));

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(NewSize(needed));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
