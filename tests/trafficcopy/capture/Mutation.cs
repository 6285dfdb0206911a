using FsCheck;
using FsCheck.Fluent;

namespace Pressure.TrafficCopy.Tests;

/// <summary>A change of a file's or packet's bytes.</summary>
public sealed record Mutation(MutationKind Kind, int At, int Length, byte Value)
{
    /// <summary>Some changes, one after the other.</summary>
    public static Arbitrary<Mutation[]> Some { get; } = (
        from kind in Gen.Elements(Enum.GetValues<MutationKind>())
        from at in Gen.Choose(0, int.MaxValue)
        from length in Gen.Frequency((8, Gen.Choose(1, 8)), (1, Gen.Choose(1, 3_000)))
        from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 1, 0x7F, 0x80, 0xFF))
        select new Mutation(kind, at, length, (byte)value)).ArrayOf().ToArbitrary();

    /// <summary>The bytes after all changes.</summary>
    public static byte[] Apply(byte[] bytes, IEnumerable<Mutation> mutations) => mutations.Aggregate(bytes, (all, one) => one.To(all));

    private byte[] To(byte[] bytes)
    {
        if (bytes.Length == 0)
            return bytes;
        var at = At % bytes.Length;
        var end = Math.Min(bytes.Length, at + Length);
        return Kind switch
        {
            MutationKind.Set => [.. bytes[..at], .. Enumerable.Repeat(Value, end - at), .. bytes[end..]],
            MutationKind.Flip => [.. bytes[..at], (byte)(bytes[at] ^ 1 << Value % 8), .. bytes[(at + 1)..]],
            MutationKind.Remove => [.. bytes[..at], .. bytes[end..]],
            MutationKind.Repeat => [.. bytes[..end], .. bytes[at..]],
            MutationKind.Insert => [.. bytes[..at], .. Enumerable.Repeat(Value, Length), .. bytes[at..]],
            _ => bytes[..at],
        };
    }
}

/// <summary>Kinds of changes.</summary>
public enum MutationKind
{
    Set,
    Flip,
    Remove,
    Repeat,
    Insert,
    Cut,
}
