using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Samples the machine that this process runs on, from <c>/proc</c>.</summary>
public sealed class LocalHost : IHostSource
{
    /// <inheritdoc/>
    public string Host => "local";

    /// <inheritdoc/>
    public HostSample? Sample(TimeSpan at) => throw new NotImplementedException();
}
