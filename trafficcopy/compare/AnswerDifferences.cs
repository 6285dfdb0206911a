using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>How a field differs.</summary>
public enum DifferenceKind
{
    /// <summary>Another value.</summary>
    Changed,

    /// <summary>It was to be expected, and is not there.</summary>
    Missing,

    /// <summary>It is there, and was not to be expected.</summary>
    Added,

    /// <summary>Something of another kind: text for a number, a page for JSON.</summary>
    Type,

    /// <summary>More or fewer elements, or a longer or shorter body.</summary>
    Length,

    /// <summary>The same elements in another order.</summary>
    Order,
}

/// <summary>What of an answer could not be compared, although the rest was.</summary>
[Flags]
public enum LeftOut
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The end of a body, which was not kept.</summary>
    Cut = 1,

    /// <summary>A body in a content coding that can't be undone.</summary>
    Encoding = 2,

    /// <summary>What of a body is beyond the limit once it is decoded.</summary>
    Large = 4,

    /// <summary>The structure of JSON that is nested too deeply; it was compared as text.</summary>
    Depth = 8,

    /// <summary>Values that had been masked in the capture.</summary>
    Masked = 16,
}

/// <summary>One difference of an answer.</summary>
/// <param name="Field"><c>status</c>, <c>header:Name</c>, <c>cookie:name</c>, a JSON path with any index as <c>[*]</c>, <c>form:name</c>, or <c>body</c>.</param>
/// <param name="Kind">How it differs.</param>
/// <param name="Expected">What was to be expected, shortened; null when it was not there.</param>
/// <param name="Actual">What came, shortened; null when it was not there.</param>
public readonly record struct AnswerDifference(string Field, DifferenceKind Kind, string? Expected, string? Actual);

/// <summary>What was found between two answers: each field and kind once, with the first example.</summary>
public sealed class AnswerDifferences
{
    /// <summary>Differences of one answer that are kept; the rest is only known to be there.</summary>
    public const int Most = 200;

    private readonly HashSet<(string Field, DifferenceKind Kind)> _seen = [];
    private readonly List<AnswerDifference> _found = [];

    /// <summary>The differences, in the order in which they were found.</summary>
    public IReadOnlyList<AnswerDifference> Found => _found;

    /// <summary>Whether there are more than were kept.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Whether values of what is expected may have been masked.</summary>
    internal bool IsMasked { get; init; }

    /// <summary>What could not be compared.</summary>
    public LeftOut LeftOut { get; internal set; }

    /// <summary>Whether there is none.</summary>
    public bool IsSame => _found.Count == 0;

    /// <summary>Whether a difference is a new one that there is room for.</summary>
    internal bool Wants(string field, DifferenceKind kind)
    {
        if (_seen.Contains((field, kind)))
            return false;
        HasMore |= _found.Count >= Most;
        return _found.Count < Most;
    }

    /// <summary>Whether a value was masked: then it is passed over, and said to be.</summary>
    internal bool PassesOver(string expected)
    {
        if (!IsMasked || !MaskWord.IsIn(Encoding.UTF8.GetBytes(expected)))
            return false;
        LeftOut |= LeftOut.Masked;
        return true;
    }

    internal void Add(string field, DifferenceKind kind, string? expected, string? actual)
    {
        field = Excerpt.Of(field, Excerpt.LongestField);
        if (!Wants(field, kind))
            return;
        _seen.Add((field, kind));
        _found.Add(new AnswerDifference(field, kind, expected is null ? null : Excerpt.Of(expected), actual is null ? null : Excerpt.Of(actual)));
    }
}
