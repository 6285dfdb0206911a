namespace Pressure.Chaos;

/// <summary>Takes the latest figure of an agent's host.</summary>
internal sealed class AgentMetricProbe(string host, string metric, IHostMetrics? hosts) : IProbe
{
    /// <summary>Makes one; what is wrong is noted.</summary>
    public static AgentMetricProbe Create(ProbeArguments arguments, IHostMetrics? hosts) => new(arguments.Text("host"), arguments.Text("metric"), hosts);

    /// <inheritdoc/>
    public Task<ProbeValue> AskAsync(CancellationToken stop) => Task.FromResult(
        hosts is null ? new ProbeValue(null, $"No agents are known here, so there is no {metric} of {host}. Run it in the service that the agent reports to.")
        : hosts.Value(host, metric) is { } value ? new ProbeValue(value)
        : new ProbeValue(null, $"Nothing fresh is known of {metric} of {host}: the agent is away, or has no such figure."));
}
