using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>A step of an experiment: a probe looks, an action changes something.</summary>
public sealed record Activity
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it only looks.</summary>
    public required bool IsProbe { get; init; }

    /// <summary>What does it.</summary>
    public required Provider Provider { get; init; }

    /// <summary>What a probe's value must be, as written; null if anything will do.</summary>
    public JsonNode? Tolerance { get; init; }

    /// <summary>The probe that says whether a value will do, for a tolerance of type <c>probe</c>: it is given it as the argument <c>value</c>.</summary>
    public Activity? Judge { get; init; }

    /// <summary>Waits before it.</summary>
    public TimeSpan PauseBefore { get; init; }

    /// <summary>Waits after it.</summary>
    public TimeSpan PauseAfter { get; init; }

    /// <summary>The next one does not wait for it.</summary>
    public bool Background { get; init; }

    /// <summary>It as it stands in the file, names not replaced, for the journal; empty if it stands in none.</summary>
    public JsonObject Written { get; init; } = [];
}

/// <summary>What does an activity. A closed set.</summary>
public abstract record Provider
{
    private Provider()
    {
    }

    /// <summary>A program is run.</summary>
    public sealed record Process(string Path, IReadOnlyList<string> Arguments, TimeSpan? Timeout) : Provider
    {
        /// <summary>The rest of a line that the shell is given after the path, instead of arguments; null if there is none.</summary>
        public string? CommandLine { get; init; }
    }

    /// <summary>A request is sent.</summary>
    public sealed record Http(string Url, string Method, IReadOnlyDictionary<string, string> Headers, JsonNode? Body, TimeSpan? Timeout) : Provider
    {
        /// <summary>Whether the server's certificate is checked.</summary>
        public bool VerifyTls { get; init; } = true;
    }

    /// <summary>One of our faults.</summary>
    /// <param name="Kind">Kind of fault.</param>
    /// <param name="Selector">What is struck.</param>
    /// <param name="Duration">How long it holds.</param>
    /// <param name="Arguments">Arguments by name.</param>
    public sealed record Fault(string Kind, TargetSelector Selector, TimeSpan Duration, JsonObject Arguments) : Provider
    {
        /// <summary>Stages of the blast radius, each a mode of its own (<c>1</c>, <c>25%</c>); empty for all at once. Between them the hypothesis is asked.</summary>
        public IReadOnlyList<SelectionMode> Stages { get; init; } = [];

        /// <summary>The kind of fault needs a second person's approval where approvals are asked for.</summary>
        public bool Risky { get; init; }

        /// <summary>How long each stage but the last is held before the check.</summary>
        public TimeSpan StageTime { get; init; }
    }

    /// <summary>One of our probes.</summary>
    /// <param name="Kind">Kind of probe: <c>http</c>, <c>tcp</c>, <c>process</c>, <c>container-health</c>, <c>metric</c>, <c>agent-metric</c>.</param>
    /// <param name="Arguments">Arguments by name.</param>
    public sealed record Probe(string Kind, JsonObject Arguments) : Provider;
}
