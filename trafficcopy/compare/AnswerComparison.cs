namespace Pressure.TrafficCopy;

/// <summary>
/// Holds an answer against the one that was to be expected: status, header fields, cookies, body. Answers may be anything; nothing of them makes it
/// throw, hang or take more memory than a few times <see cref="BodyComparison.MostDecoded"/>. Thread-safe.
/// </summary>
/// <remarks>
/// When the status differs nothing else is looked at: a page of an error differs in all that there is, which would bury what differs by itself.
/// </remarks>
public sealed class AnswerComparison(ComparisonRules rules)
{
    /// <summary>What differs.</summary>
    /// <param name="expected">What was to be expected.</param>
    /// <param name="actual">What came.</param>
    /// <param name="isMasked">Whether something in <paramref name="expected"/> was masked when it was captured.</param>
    public AnswerDifferences Compare(in CapturedMessage expected, in CapturedMessage actual, bool isMasked = false)
    {
        var found = new AnswerDifferences { IsMasked = isMasked };
        var (expectedHead, actualHead) = (AnswerHead.Read(expected.Head.Span), AnswerHead.Read(actual.Head.Span));
        if (expectedHead.Status != actualHead.Status)
        {
            if (!rules.IgnoresStatus)
                found.Add("status", DifferenceKind.Changed, Said(expectedHead.Status), Said(actualHead.Status));
            return found;
        }
        HeadComparison.Compare(expectedHead, actualHead, rules, expected.BodyLength > 0 || actual.BodyLength > 0, found);
        if (!rules.IgnoresBody)
            BodyComparison.Compare(expectedHead, expected, actualHead, actual, rules, found);
        return found;
    }

    private static string? Said(int status) => status == 0 ? null : $"{status}";
}
