using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Looks at something, again and again. Thread-safe.</summary>
public interface IProbe
{
    /// <summary>Looks once. What is wrong with the target is a value; never throws but for <paramref name="stop"/>.</summary>
    Task<ProbeValue> AskAsync(CancellationToken stop);
}

/// <summary>What a probe saw.</summary>
/// <param name="Value">A scalar, or an object (HTTP: <c>status</c>, <c>headers</c>, <c>body</c>; a program: <c>status</c>, <c>stdout</c>, <c>stderr</c>); null if it saw nothing.</param>
/// <param name="Error">Why it saw nothing, an English sentence; null if it saw something.</param>
public readonly record struct ProbeValue(JsonNode? Value, string? Error = null);

/// <summary>Makes our own probes.</summary>
public interface IProbeFactory
{
    /// <summary>Every kind of probe that there is, for the catalogue and for checks.</summary>
    IReadOnlyList<ProbeDescription> Kinds { get; }

    /// <summary>Makes one.</summary>
    /// <exception cref="ArgumentException">Arguments are wrong; the message is for people.</exception>
    IProbe Create(Provider.Probe provider);
}

/// <summary>What people and programs need to know of a kind of probe.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Summary">One English sentence: what it looks at and what its value is.</param>
/// <param name="Parameters">What it takes.</param>
public sealed record ProbeDescription(string Kind, string Summary, IReadOnlyList<Pressure.Faults.FaultParameter> Parameters);

/// <summary>Figures of the test that is running. Declared here by those who ask; the run's coordinator answers.</summary>
public interface IRunMetrics
{
    /// <summary>A metric over the last seconds, in its own unit; null if nothing is known yet.</summary>
    /// <param name="metric">Name as in thresholds: <c>http_req_duration</c>, <c>http_req_failed</c>, <c>http_reqs</c>.</param>
    /// <param name="aggregation">As in thresholds: <c>p(95)</c>, <c>rate</c>, <c>avg</c>, <c>max</c>, <c>count</c>.</param>
    /// <param name="over">Length of the window.</param>
    double? Value(string metric, string aggregation, TimeSpan over);
}

/// <summary>Figures of agents' hosts. Declared here by those who ask; the service answers.</summary>
public interface IHostMetrics
{
    /// <summary>The latest value of a host's metric (<c>host_cpu</c>, <c>host_memory</c>, <c>host_load_per_core</c>); null if nothing fresh is known.</summary>
    double? Value(string host, string metric);
}
