using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Answers held against others, in <c>summary.json</c>.</summary>
public sealed record DifferenceSummary
{
    /// <summary>Fields that stand here; all of them are in <c>differences.json</c>.</summary>
    private const int Most = 200;

    /// <summary>What they were held against: <c>captured</c>, <c>primary</c>, <c>primary-secondary</c>.</summary>
    public required string Against { get; init; }

    /// <summary>Answers compared.</summary>
    public required long Compared { get; init; }

    /// <summary>Of these, without a difference that counts.</summary>
    public required long Same { get; init; }

    /// <summary>Of these, with one.</summary>
    public required long Differing { get; init; }

    /// <summary>Answers that were not compared, by reason.</summary>
    public required IReadOnlyDictionary<string, long> NotCompared { get; init; }

    /// <summary>Answers that were compared but for a part, by what was left out.</summary>
    public required IReadOnlyDictionary<string, long> PartsLeftOut { get; init; }

    /// <summary>Differences by endpoint and field, noise last, those that touch most answers first.</summary>
    public required IReadOnlyList<FieldDifference> Fields { get; init; }

    /// <summary>How many more there are.</summary>
    public required long MoreFields { get; init; }

    /// <summary>The comparison of a run; null when there was none.</summary>
    internal static DifferenceSummary? Of(RunRecord run) => run.Differences is { } found ? Of(found) : null;

    internal static DifferenceSummary Of(DifferenceRecord found) => new()
    {
        Against = found.Against,
        Compared = found.Compared,
        Same = found.Same,
        Differing = found.Compared - found.Same,
        NotCompared = found.NotCompared,
        PartsLeftOut = found.PartsLeftOut,
        Fields = [.. found.Fields.OrderBy(f => f.IsNoise).ThenByDescending(f => f.Answers).Take(Most)],
        MoreFields = found.MoreFields + Math.Max(0, found.Fields.Count - Most),
    };
}
