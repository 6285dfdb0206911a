using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>A <see cref="DifferenceBook"/> in a form that can be added to another one: counts before anybody judges what is noise.</summary>
public sealed record DifferenceAccount
{
    private const int MostEndpoints = 1_000, MostFields = 5_000, MostSamples = 20, MostReasons = 40, LongestText = 2_000;

    /// <summary>What differs, by endpoint.</summary>
    public required IReadOnlyList<EndpointAccount> Endpoints { get; init; }

    /// <summary>Answers that were not compared, by reason.</summary>
    public required IReadOnlyDictionary<string, long> NotCompared { get; init; }

    /// <summary>Answers that were compared but for a part.</summary>
    public required IReadOnlyDictionary<LeftOut, long> PartsLeftOut { get; init; }

    /// <summary>Fields for which there was no room.</summary>
    public int Unkept { get; init; }

    /// <summary>What can't be true of it when it comes from elsewhere; null when nothing is wrong.</summary>
    /// <param name="answers">How many answers there can have been.</param>
    public string? WhyUnsound(long answers)
    {
        // JSON has null where a list of records has none.
        if (Endpoints.Any(e => e is null || e.Fields.Any(f => f is null || f.Samples.Any(s => s is null)) || e.Sets.Any(s => s is null)))
            return "it has entries that are none";
        if (Endpoints.Count > MostEndpoints || Endpoints.Sum(e => (long)e.Fields.Count) > MostFields || Unkept < 0)
            return "it has more differences than anybody keeps";
        if (NotCompared.Count > MostReasons || NotCompared.Keys.Any(IsLong) || Endpoints.Any(e => IsLong(e.Endpoint) || e.Fields.Any(IsLong)))
            return "its texts are longer than anybody keeps them";
        var left = answers;
        foreach (var count in Endpoints.Select(e => e.Answers).Concat(NotCompared.Values))
        {
            if (count < 0 || count > left)
                return "it compared more answers than there are";
            left -= count;
        }
        return PartsLeftOut.Any(p => p.Value < 0 || p.Value > answers || !Enum.IsDefined(p.Key)) || !Endpoints.All(IsSound) ? "its counts of differences contradict each other" : null;
    }

    private static bool IsSound(EndpointAccount endpoint)
    {
        var left = endpoint.Answers;
        foreach (var count in endpoint.Sets.Select(s => s.Answers).Append(endpoint.OtherSets))
        {
            if (count < 0 || count > left)
                return false;
            left -= count;
        }
        return endpoint.Fields.All(f => IsSound(f, endpoint.Answers)) && endpoint.Sets.All(s => s.Fields.Count <= AnswerDifferences.Most + 1 && s.Fields.All(i => i >= EndpointDifferences.Unkept && i < endpoint.Fields.Count));
    }

    private static bool IsSound(FieldAccount field, long answers) => Enum.IsDefined(field.Kind)
        && field.Both >= 0 && field.Candidate >= field.Both && field.Noise >= field.Both && field.Candidate <= answers && field.Noise <= answers;

    private static bool IsLong(FieldAccount field) =>
        IsLong(field.Field) || field.Samples.Count > MostSamples || field.Samples.Any(s => IsLong(s.Request) || IsLong(s.Expected) || IsLong(s.Actual));

    private static bool IsLong(string? text) => text?.Length > LongestText;
}

/// <summary>What differs in the answers of an endpoint.</summary>
/// <param name="Endpoint">Such as <c>GET /item/{id}</c>.</param>
/// <param name="Answers">Answers that were compared.</param>
/// <param name="Fields">Fields that differ.</param>
/// <param name="Sets">Answers by the set of fields in which they differ; those that differ in none are not among them.</param>
/// <param name="OtherSets">Answers that differ in a set for which there was no room.</param>
public sealed record EndpointAccount(string Endpoint, long Answers, IReadOnlyList<FieldAccount> Fields, IReadOnlyList<SetAccount> Sets, long OtherSets);

/// <summary>A field that differs.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Kind">How.</param>
/// <param name="Candidate">Answers in which the candidate's differs from the primary's.</param>
/// <param name="Noise">Answers in which the secondary's does.</param>
/// <param name="Both">Answers in which both do.</param>
/// <param name="Samples">A few examples.</param>
public sealed record FieldAccount(string Field, DifferenceKind Kind, long Candidate, long Noise, long Both, IReadOnlyList<DifferenceSample> Samples);

/// <summary>Answers that differ in the same fields.</summary>
/// <param name="Fields">Positions among the endpoint's fields; -1 stands for fields for which there was no room.</param>
/// <param name="Answers">How many.</param>
public sealed record SetAccount(IReadOnlyList<int> Fields, long Answers);
