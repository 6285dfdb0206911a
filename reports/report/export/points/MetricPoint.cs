using System.Text;

namespace Pressure.Reports.Export;

/// <summary>One value of one series.</summary>
/// <param name="Metric">Which metric.</param>
/// <param name="Tags">Its tags, by name; none is empty.</param>
/// <param name="At">The moment, or the begin of the time that it is about (UTC).</param>
/// <param name="Over">How long that time was; zero for a moment.</param>
/// <param name="Value">What was measured.</param>
public sealed record MetricPoint(ExportMetric Metric, IReadOnlyList<MetricTag> Tags, DateTimeOffset At, TimeSpan Over, MetricValue Value);

/// <summary>A measured value. A closed set.</summary>
public abstract record MetricValue
{
    private MetricValue()
    {
    }

    /// <summary>So many within the time.</summary>
    public sealed record Count(long Number) : MetricValue;

    /// <summary>As it stood; finite.</summary>
    public sealed record Gauge(double Value) : MetricValue;

    /// <summary>So many of so many; never of none.</summary>
    public sealed record Share(long Hits, long Base) : MetricValue;

    /// <summary>Durations; never none.</summary>
    public sealed record Times(TimeFigures Figures) : MetricValue;

    /// <summary>One duration.</summary>
    public sealed record Lasted(TimeSpan Length) : MetricValue;
}

/// <summary>A tag of a point. Its value is printable text of <see cref="LongestValue"/> characters at the most, whatever it was made of.</summary>
public readonly record struct MetricTag
{
    /// <summary>Longer values are cut: series are indexed by them.</summary>
    public const int LongestValue = 200;

    /// <summary>Makes a tag of any text.</summary>
    /// <param name="name">Lower-case letters, digits and underscores.</param>
    /// <param name="value">Anything.</param>
    public MetricTag(string name, string value) => (Name, Value) = (name, Clean(value));

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its value; empty if nothing printable was given.</summary>
    public string Value { get; }

    /// <summary>Control characters become spaces, halves of characters U+FFFD.</summary>
    private static string Clean(string value)
    {
        if (value.Length <= LongestValue && value.All(c => c is >= ' ' and < '\x7f'))
            return value.Trim();
        var clean = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > LongestValue)
                break;
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }
        return clean.ToString().Trim();
    }
}
