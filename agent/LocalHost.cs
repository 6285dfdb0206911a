using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Samples the machine that this process runs on, for a run's <c>hosts: [local]</c>. What the kernel does not tell is zero.</summary>
/// <param name="time">Measures what has really passed between two calls.</param>
/// <param name="roots">Where the machine tells about itself; null for the usual places.</param>
public sealed class LocalHost(TimeProvider? time = null, HostRoots? roots = null) : IHostSource
{
    private readonly HostSampler _sampler = new("local", time ?? TimeProvider.System, roots);

    /// <inheritdoc/>
    public string Host => "local";

    /// <inheritdoc/>
    /// <remarks>What it takes itself is the generator's, which the record has of its own.</remarks>
    public HostSample? Sample(TimeSpan at) => _sampler.Sample() is { } sample ? sample with { At = at, Agent = null } : null;
}
