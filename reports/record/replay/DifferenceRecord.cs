namespace Pressure.Record;

/// <summary>Answers held against other answers: kept as <c>differences.json</c> in the run folder, renewed every few seconds.</summary>
public sealed record DifferenceRecord
{
    // What a file leaves out is read as null, whatever the defaults say.
    private static readonly IReadOnlyDictionary<string, long> EmptyCounts = new Dictionary<string, long>();

    /// <summary>Answers compared.</summary>
    public required long Compared { get; init; }

    /// <summary>Of these, without a difference that counts.</summary>
    public required long Same { get; init; }

    /// <summary>Answers that were not compared, by reason (a stable word): <c>no-answer</c>, <c>behind</c> (the comparer could not keep up), <c>masked</c>, ...</summary>
    public IReadOnlyDictionary<string, long> NotCompared { get; init => field = value ?? EmptyCounts; } = EmptyCounts;

    /// <summary>
    /// Answers that were compared but for a part, by what was left out (a stable word): <c>cut</c> (the end of a body that was not kept), <c>encoding</c> (a
    /// body that can't be decoded), <c>large</c>, <c>depth</c> (JSON nested too deeply, compared as text), <c>masked</c> (values masked in the capture).
    /// </summary>
    public IReadOnlyDictionary<string, long> PartsLeftOut { get; init => field = value ?? EmptyCounts; } = EmptyCounts;

    /// <summary>What the answers were held against: <c>captured</c>, <c>primary</c>, or <c>primary-secondary</c> (noise cancels out).</summary>
    public required string Against { get; init; }

    /// <summary>Differences by endpoint and field, those that touch most answers first.</summary>
    public IReadOnlyList<FieldDifference> Fields { get; init => field = value ?? []; } = [];

    /// <summary>Groups that were not kept because there were too many.</summary>
    public long MoreFields { get; init; }

    /// <summary>What can't be true of it; null when nothing is wrong.</summary>
    internal string? WhyUnsound() => Compared >= 0 && Same >= 0 && Same <= Compared && MoreFields >= 0
        && NotCompared.Values.Concat(PartsLeftOut.Values).All(n => n >= 0)
        && Fields.All(f => f is not null && f.Answers >= 0 && f.Noise >= 0 && f.Of >= Math.Max(f.Answers, f.Noise) && f.Samples.All(s => s is not null))
        ? null : "its counts contradict each other";
}

/// <summary>One field of one endpoint's answers that differs.</summary>
/// <param name="Endpoint">Such as <c>GET /item/{id}</c>.</param>
/// <param name="Field"><c>status</c>, <c>header:Name</c>, a JSON path such as <c>$.items[*].price</c>, or <c>body</c>.</param>
/// <param name="Kind">A stable word: <c>changed</c>, <c>missing</c>, <c>added</c>, <c>type</c>, <c>length</c>, <c>order</c>.</param>
/// <param name="Answers">Answers in which it differs.</param>
/// <param name="Of">Answers of the endpoint that were compared.</param>
/// <param name="Noise">Answers in which the two servers that should be the same differ there as well; 0 without them.</param>
/// <param name="Samples">A few examples.</param>
public sealed record FieldDifference(string Endpoint, string Field, string Kind, long Answers, long Of, long Noise, IReadOnlyList<DifferenceSample> Samples)
{
    /// <summary>Whether it is no more than what two servers that should be the same differ by.</summary>
    public bool IsNoise { get; init; }
}

/// <summary>An example of a difference; both texts are short.</summary>
/// <param name="Request">Path and query.</param>
/// <param name="Expected">What was to be expected; null when it was not there.</param>
/// <param name="Actual">What came; null when it was not there.</param>
public sealed record DifferenceSample(string Request, string? Expected = null, string? Actual = null);
