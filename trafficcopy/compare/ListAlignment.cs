namespace Pressure.TrafficCopy;

/// <summary>A stretch of two lists between elements that are the same on both sides.</summary>
internal readonly record struct ListGap(int Expected, int ExpectedCount, int Actual, int ActualCount);

/// <summary>
/// Finds what two lists have in common, so that an element that was put in at the front does not make all others differ. What both begin and end with is
/// the same for lists of any length; between, the longest common subsequence is looked for where that is cheap, else places count.
/// </summary>
internal static class ListAlignment
{
    /// <summary>Elements on a side between beginning and end that are aligned.</summary>
    public const int Most = 256;

    public static IReadOnlyList<ListGap> Gaps(ReadOnlySpan<ulong> expected, ReadOnlySpan<ulong> actual)
    {
        var front = expected.CommonPrefixLength(actual);
        var back = 0;
        while (back < Math.Min(expected.Length, actual.Length) - front && expected[^(back + 1)] == actual[^(back + 1)])
            back++;
        var those = expected[front..^back];
        var these = actual[front..^back];
        if (those.IsEmpty && these.IsEmpty)
            return [];
        if (those.IsEmpty || these.IsEmpty || those.Length > Most || these.Length > Most)
            return [new ListGap(front, those.Length, front, these.Length)];
        return Between(those, these, front);
    }

    private static List<ListGap> Between(ReadOnlySpan<ulong> expected, ReadOnlySpan<ulong> actual, int offset)
    {
        var common = CommonLengths(expected, actual);
        var gaps = new List<ListGap>();
        var (e, a, gapE, gapA) = (0, 0, 0, 0);
        while (e < expected.Length && a < actual.Length)
        {
            if (expected[e] == actual[a])
            {
                Close(gaps, gapE, e, gapA, a, offset);
                (e, a) = (e + 1, a + 1);
                (gapE, gapA) = (e, a);
            }
            else if (common[e + 1, a] >= common[e, a + 1])
                e++;
            else
                a++;
        }
        Close(gaps, gapE, expected.Length, gapA, actual.Length, offset);
        return gaps;
    }

    private static void Close(List<ListGap> gaps, int fromE, int toE, int fromA, int toA, int offset)
    {
        if (toE > fromE || toA > fromA)
            gaps.Add(new ListGap(offset + fromE, toE - fromE, offset + fromA, toA - fromA));
    }

    /// <summary>[e, a]: how long the longest common subsequence is of what stands from there on.</summary>
    private static ushort[,] CommonLengths(ReadOnlySpan<ulong> expected, ReadOnlySpan<ulong> actual)
    {
        var common = new ushort[expected.Length + 1, actual.Length + 1];
        for (var e = expected.Length - 1; e >= 0; e--)
        {
            for (var a = actual.Length - 1; a >= 0; a--)
            {
                common[e, a] = expected[e] == actual[a]
                    ? (ushort)(common[e + 1, a + 1] + 1)
                    : Math.Max(common[e + 1, a], common[e, a + 1]);
            }
        }
        return common;
    }
}
