namespace Pressure.Reports;

/// <summary>Where a bottleneck lies, as far as the evidence tells.</summary>
internal enum BottleneckClass
{
    /// <summary>In what was written: collections, threads that wait.</summary>
    Program,

    /// <summary>On the way: lost packets, segments sent again.</summary>
    Network,

    /// <summary>In the system's kernel and its settings: limits, queues.</summary>
    System,

    /// <summary>In the machine: no core, memory or disk left.</summary>
    Hardware,
}

/// <summary>What stands out, in a sentence, and of what class of bottleneck it is evidence, if of any.</summary>
internal sealed record Finding(Sentence Sentence, BottleneckClass? Class = null)
{
    /// <summary>Names of subjects for readers: <c>a, b and 3 more</c>.</summary>
    public static Sentence Names(IReadOnlyList<string> names)
    {
        const int most = 3;
        return names.Count <= most
            ? new("verbatim", string.Join(", ", names))
            : new("finding.more", string.Join(", ", names.Take(most)), names.Count - most);
    }

    /// <summary>What was said of the worst, and that it holds for others too.</summary>
    public static Sentence WithOthers(Sentence said, IReadOnlyList<string> others) =>
        others.Count == 0 ? said : new("finding.also", said, Names(others));

    public string In(ReportLanguage language) => Sentence.In(language);
}
