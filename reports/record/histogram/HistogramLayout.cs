using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pressure.Record;

/// <summary>Where a value stands in the array of counts: HdrHistogram's arithmetic for a lowest value of 1 and 3 digits.</summary>
/// <remarks>
/// Bucket 0 has 2048 sub-buckets of width 1; every further bucket doubles the width and adds its upper 1024 sub-buckets:
/// <code>
/// value      0 .. 2047   2048 .. 4095   4096 .. 8191   ...
/// width      1           2              4
/// index      0 .. 2047   2048 .. 3071   3072 .. 4095   ...
/// </code>
/// </remarks>
internal static class HistogramLayout
{
    private const int SubBuckets = 2048;
    private const int HalfSubBuckets = SubBuckets / 2;
    private const int HalfSubBucketBits = 10;

    /// <summary>Indexes needed for every value up to <see cref="Histogram.HighestMicros"/>.</summary>
    public const int Length = 23 * HalfSubBuckets;

    /// <summary>Index of a value from 0 to <see cref="Histogram.HighestMicros"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(long micros)
    {
        var bucket = BitOperations.Log2((ulong)micros | (SubBuckets - 1)) - HalfSubBucketBits;
        return (bucket << HalfSubBucketBits) + (int)(micros >> bucket);
    }

    /// <summary>Smallest value counted at an index.</summary>
    public static long LowestAt(int index) => (index - (Bucket(index) << HalfSubBucketBits)) * Width(index);

    /// <summary>Largest value counted at an index.</summary>
    public static long HighestAt(int index) => LowestAt(index) + Width(index) - 1;

    /// <summary>The value in the middle, which stands for all of an index when a mean is taken.</summary>
    public static long MedianAt(int index) => LowestAt(index) + (Width(index) >> 1);

    /// <summary>How long an array must be to hold an index: whole buckets, so that a growing range seldom reallocates.</summary>
    public static int LengthFor(int index) => (index / HalfSubBuckets + 1) * HalfSubBuckets;

    private static int Bucket(int index) => Math.Max(0, (index >> HalfSubBucketBits) - 1);

    private static long Width(int index) => 1L << Bucket(index);
}
