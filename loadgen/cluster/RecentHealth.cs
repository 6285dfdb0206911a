using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>The last seconds of the generator and its machine: as many as <see cref="GeneratorHealth"/> looks at, however long the run.</summary>
internal sealed class RecentHealth
{
    private readonly Queue<GeneratorSample> _generator = new();
    private readonly Queue<HostSample> _hosts = new();

    /// <summary>Takes a second's samples; why the generator is saturated by now, null while it is healthy.</summary>
    public string? WhySaturated(GeneratorSample generator, IEnumerable<HostSample> hosts)
    {
        _generator.Enqueue(generator);
        if (_generator.Count > GeneratorHealth.LateTailSeconds)
            _generator.Dequeue();
        foreach (var host in hosts)
            _hosts.Enqueue(host);
        var from = _generator.Peek().At - TimeSpan.FromSeconds(2);
        while (_hosts.TryPeek(out var oldest) && oldest.At < from)
            _hosts.Dequeue();
        return GeneratorHealth.WhySaturated([.. _generator], [.. _hosts]);
    }
}
