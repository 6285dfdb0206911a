using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>An experiment in Chaos Toolkit's open format, checked and immutable. Ours stands in <see cref="Settings"/> and in providers of type <c>pressure</c>.</summary>
public sealed record Experiment
{
    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>Description.</summary>
    public string Description { get; init; } = "";

    /// <summary>Tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What must hold before, and again after; null if nothing is asked.</summary>
    public SteadyStateHypothesis? Hypothesis { get; init; }

    /// <summary>What is done, in order.</summary>
    public required IReadOnlyList<Activity> Method { get; init; }

    /// <summary>What is done at the end, in order.</summary>
    public IReadOnlyList<Activity> Rollbacks { get; init; } = [];

    /// <summary>Values for <c>${name}</c>, resolved.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Configuration { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Secrets for <c>${name}</c> by group, resolved; never written anywhere.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Secrets { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>What the extension <c>pressure</c> says: lease, blast radius, calendar, load, risk.</summary>
    public ExperimentSettings Settings { get; init; } = new();

    /// <summary>The experiment as it was read, without secrets, for the journal and for writing it again.</summary>
    public required JsonObject Document { get; init; }

    /// <summary>What was left aside (controls, other tools' extensions), English sentences.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>What must hold.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Probes">Probes with tolerances.</param>
public sealed record SteadyStateHypothesis(string Title, IReadOnlyList<Activity> Probes);

/// <summary>The extension <c>pressure</c> of an experiment.</summary>
public sealed record ExperimentSettings
{
    /// <summary>How long faults outlive the loss of whoever watches over them.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The plan of the load that goes with it, a path beside the experiment; null if none.</summary>
    public string? Load { get; init; }

    /// <summary>Most targets at once; null for the guards' own limits.</summary>
    public int? MaxTargets { get; init; }

    /// <summary>Most of each group's targets at once, 0 to 1; null for the guards' own limits.</summary>
    public double? MaxShare { get; init; }

    /// <summary>Needs a second person's approval.</summary>
    public bool Risky { get; init; }

    /// <summary>The interval at which the hypothesis is asked while the method is under way. Null: it is asked before and after only.</summary>
    public TimeSpan? ProbeEvery { get; init; }

    /// <summary>Whether a failing probe in between ends the experiment, undoing everything; else it is only recorded.</summary>
    public bool StopOnDeviation { get; init; } = true;

    /// <summary>How long the hypothesis may take to hold again once everything is undone; zero for at once.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>The calendar of a drill: cron, time zone, hours; as read, null if none.</summary>
    public JsonObject? Calendar { get; init; }
}
