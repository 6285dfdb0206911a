namespace Pressure.LoadGen;

/// <summary>A replay as somebody has typed it, unchecked: <see cref="PlanWriter.ToYaml(ReplayDraft)"/> makes a plan of it, whose reader says what is wrong.</summary>
public sealed record ReplayDraft
{
    /// <summary>Name of the plan.</summary>
    public string? Name { get; init; }

    /// <summary>What is pressed.</summary>
    public string? Target { get; init; }

    /// <summary>Files of captures.</summary>
    public IReadOnlyList<string> Captures { get; init; } = [];

    /// <summary>Agents whose hosts' traffic is replayed while it passes.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>The interface that it passes.</summary>
    public string? Interface { get; init; }

    /// <summary>The servers' ports.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>The servers' addresses.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>How long after it happened each is due.</summary>
    public string? Delay { get; init; }

    /// <summary>Plain values of <c>load.replay</c>, by their keys; blank ones are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Values { get; init; } = [];

    /// <summary>Lists of <c>load.replay</c>, by their keys; empty ones are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Lists { get; init; } = [];

    /// <summary>Maps of <c>load.replay</c>, by their keys; empty ones are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<KeyValuePair<string, string>>>> Maps { get; init; } = [];

    /// <summary>Values that are carried: where they stand, and the template that takes them, if any.</summary>
    public IReadOnlyList<(string Source, string Value, string? Into)> Carries { get; init; } = [];

    /// <summary>Whether answers are compared.</summary>
    public bool Compares { get; init; }

    /// <summary>What does not matter when they are.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>A server to compare with.</summary>
    public string? Primary { get; init; }

    /// <summary>A second one, for its noise.</summary>
    public string? Secondary { get; init; }

    /// <summary>How long it lasts.</summary>
    public string? Duration { get; init; }

    /// <summary>Time that does not count.</summary>
    public string? WarmUp { get; init; }

    /// <summary>Seed for what is chosen at random.</summary>
    public string? Seed { get; init; }

    /// <summary>Criteria: metric and expression.</summary>
    public IReadOnlyList<(string Metric, string Expression)> Thresholds { get; init; } = [];
}
