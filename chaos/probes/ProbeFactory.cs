using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Makes our own probes: every kind stands in its list.</summary>
/// <param name="time">The clock.</param>
/// <param name="dockerSocket">Path of the container engine's socket.</param>
/// <param name="run">Figures of the running test; null where none runs: its probes then see nothing, and say so.</param>
/// <param name="hosts">Figures of agents' hosts; null where there are no agents.</param>
public sealed class ProbeFactory(TimeProvider time, string dockerSocket, IRunMetrics? run = null, IHostMetrics? hosts = null) : IProbeFactory
{
    private static readonly FaultParameter Timeout = new("timeout", ParameterType.Duration, "how long an answer may take", "5s");

    private static readonly ProbeDescription Http = new("http", "Sends a request; its value has status, headers, body and duration (in seconds).",
    [
        new("url", ParameterType.Text, "address, http:// or https://"),
        new("method", ParameterType.Text, "method", "GET"),
        new("headers", ParameterType.Text, "object of header names and values", ""),
        new("contains", ParameterType.Text, "text that the body must hold; any body will do when left away", ""),
        new("verify-tls", ParameterType.Flag, "whether the server's certificate is checked", "true"),
        Timeout,
    ]);

    private static readonly ProbeDescription Tcp = new("tcp", "Connects; its value is true if somebody answers on that port, else false.",
    [
        new("host", ParameterType.Text, "name or address"),
        new("port", ParameterType.Number, "port"),
        Timeout,
    ]);

    private static readonly ProbeDescription Process = new("process", "Counts processes of this host; its value is their number.",
    [
        new("name", ParameterType.Text, "what they are called; patterns with *", ""),
        new("pid", ParameterType.Text, "id of one process, instead of a name", ""),
    ]);

    private static readonly ProbeDescription Container = new("container-health", "Asks the container engine; its value is healthy, unhealthy or starting where the container has a health check, else running, paused, exited, ...; missing if there is none.",
    [
        new("container", ParameterType.Text, "name or id"),
        Timeout,
    ]);

    private static readonly ProbeDescription Metric = new("metric", "Takes a metric of the running test over the last seconds; its value is a number in the metric's own unit.",
    [
        new("metric", ParameterType.Text, "name as in thresholds: http_req_duration, http_req_failed, http_reqs"),
        new("aggregation", ParameterType.Text, "as in thresholds: p(95), rate, avg, max, count"),
        new("over", ParameterType.Duration, "the last seconds that it is of", "10s"),
    ]);

    private static readonly ProbeDescription AgentMetric = new("agent-metric", "Takes the latest figure of an agent's host; its value is a number.",
    [
        new("host", ParameterType.Text, "the agent's name"),
        new("metric", ParameterType.Text, "host_cpu, host_load1, host_memory, ..."),
    ]);

    /// <summary>The list.</summary>
    public static IReadOnlyList<ProbeDescription> Every { get; } = [Http, Tcp, Process, Container, Metric, AgentMetric];

    /// <inheritdoc/>
    public IReadOnlyList<ProbeDescription> Kinds => Every;

    /// <inheritdoc/>
    public IProbe Create(Provider.Probe provider)
    {
        if (Kinds.FirstOrDefault(k => k.Kind == provider.Kind) is not { } kind)
            throw new ArgumentException($"There is no probe '{provider.Kind}'. There are: {string.Join(", ", Kinds.Select(k => k.Kind))}.");
        var arguments = new ProbeArguments(kind, provider.Arguments);
        IProbe probe = kind.Kind switch
        {
            "http" => HttpProbe.Create(arguments, time),
            "tcp" => TcpProbe.Create(arguments, time),
            "process" => ProcessProbe.Create(arguments),
            "container-health" => ContainerProbe.Create(arguments, dockerSocket),
            "metric" => MetricProbe.Create(arguments, run),
            "agent-metric" => AgentMetricProbe.Create(arguments, hosts),
            _ => throw new System.Diagnostics.UnreachableException($"A kind of probe was added and nobody makes it: {kind.Kind}"),
        };
        arguments.Check();
        return probe;
    }
}
