using System.Text.Json.Serialization;

namespace Pressure.Faults;

/// <summary>What people and programs need to know of a kind of fault.</summary>
public sealed record FaultDescription
{
    /// <summary>Its name in experiments: <c>container-kill</c>, <c>network-loss</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>One English sentence: what it does and how it is undone.</summary>
    public required string Summary { get; init; }

    /// <summary>What it strikes.</summary>
    public required TargetKind Target { get; init; }

    /// <summary>What it strikes as well.</summary>
    public IReadOnlyList<TargetKind> AlsoTargets { get; init; } = [];

    /// <summary>All that it strikes, what it is made for first.</summary>
    [JsonIgnore]
    public IEnumerable<TargetKind> Targets => [Target, .. AlsoTargets];

    /// <summary>What it takes.</summary>
    public IReadOnlyList<FaultParameter> Parameters { get; init; } = [];

    /// <summary>Needs a second person's approval where approvals are asked for.</summary>
    public bool Risky { get; init; }

    /// <summary>Runs a command that its arguments give: nothing for whoever may not run programs on the host anyhow, so neither for the service nor for a centre of agents.</summary>
    public bool RunsCommands { get; init; }

    /// <summary>The kernel or a process of its own ends it at its deadline even when everybody who knew of it is dead.</summary>
    public bool EndsByItself { get; init; }

    /// <summary>Whether it strikes targets of a kind.</summary>
    public bool Strikes(TargetKind kind) => Targets.Contains(kind);
}

/// <summary>An argument of a fault.</summary>
/// <param name="Name">Its name: <c>percent</c>.</param>
/// <param name="Type">How it is written.</param>
/// <param name="Summary">One English clause with its unit.</param>
/// <param name="Default">What holds when it is left away; null if it must be given.</param>
public sealed record FaultParameter(string Name, ParameterType Type, string Summary, string? Default = null)
{
    /// <summary>Whether it must be given.</summary>
    public bool Required => Default is null;
}

/// <summary>How an argument is written.</summary>
public enum ParameterType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A share: <c>30%</c>.</summary>
    Percent,

    /// <summary>A span of time: <c>200ms</c>, <c>5s</c>, <c>1m</c>.</summary>
    Duration,

    /// <summary>Bytes: <c>64MiB</c>.</summary>
    Bytes,

    /// <summary>Bits per second: <c>1mbit</c>.</summary>
    BitRate,

    /// <summary>true or false.</summary>
    Flag,
}

/// <summary>What a fault strikes.</summary>
public enum TargetKind
{
    /// <summary>A Docker container.</summary>
    Container,

    /// <summary>A process of the host.</summary>
    Process,

    /// <summary>A whole host.</summary>
    Host,

    /// <summary>A pod of a Kubernetes cluster.</summary>
    Pod,

    /// <summary>A route through the fault gateway.</summary>
    Route,
}
