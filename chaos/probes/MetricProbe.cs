namespace Pressure.Chaos;

/// <summary>Takes a metric of the running test.</summary>
internal sealed class MetricProbe(string metric, string aggregation, TimeSpan over, IRunMetrics? run) : IProbe
{
    /// <summary>Makes one; what is wrong is noted.</summary>
    public static MetricProbe Create(ProbeArguments arguments, IRunMetrics? run) =>
        new(arguments.Text("metric"), arguments.Text("aggregation"), arguments.Duration("over"), run);

    /// <inheritdoc/>
    public Task<ProbeValue> AskAsync(CancellationToken stop) => Task.FromResult(
        run is null ? new ProbeValue(null, $"No test runs beside this, so there is no {metric}. Run the experiment with a load (pressure run with chaos).")
        : run.Value(metric, aggregation, over) is { } value ? new ProbeValue(value)
        : new ProbeValue(null, $"The test has no {metric} {aggregation} of the last {over.TotalSeconds:0.###} s."));
}
