using System.Text.Json;
using Pressure.Record;

namespace Pressure.Reports.Export;

/// <summary>Samples and collections of a host as points. Pure.</summary>
/// <param name="host">The host's name.</param>
/// <param name="labels">Its labels; <c>service</c>, <c>env</c> and <c>region</c> become tags.</param>
internal sealed class HostPoints(string host, IReadOnlyDictionary<string, string> labels)
{
    private static readonly string[] LabelsTold = ["service", "env", "region"];

    private readonly IReadOnlyList<MetricTag> _host = PointList.Tags([("host", host), .. LabelsTold.Select(l => (l, labels.GetValueOrDefault(l)))]);

    /// <summary>The points of a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="at">When it was taken; <see cref="HostSample.At"/> is not looked at.</param>
    public IReadOnlyList<MetricPoint> Of(HostSample sample, DateTimeOffset at)
    {
        var points = new PointList(at, TimeSpan.Zero);
        AddCpu(points, sample);
        points.Gauge(ExportMetrics.MemoryUsed, sample.MemoryUsed, _host);
        points.Gauge(ExportMetrics.MemoryTotal, sample.MemoryTotal, _host);
        points.Gauge(ExportMetrics.SwapUsed, sample.Swap?.Used, _host);
        points.Gauge(ExportMetrics.SwapTotal, sample.Swap?.Total, _host);
        points.Gauge(ExportMetrics.Sockets, sample.Sockets, _host);
        AddBytes(points, ExportMetrics.Network, sample.Network, _host);
        AddDisks(points, sample);
        AddNetwork(points, sample);
        foreach (var container in sample.Containers ?? [])
            Add(points, container);
        foreach (var process in sample.Processes ?? [])
            Add(points, process);
        points.Gauge(ExportMetrics.AgentCpu, sample.Agent?.Cpu, _host);
        points.Gauge(ExportMetrics.AgentMemory, sample.Agent?.Rss, _host);
        points.Gauge(ExportMetrics.AgentDropped, sample.Agent?.Dropped, _host);
        return points.Points;
    }

    /// <summary>The point of a collection that began at a moment.</summary>
    public IReadOnlyList<MetricPoint> Of(GcEvent gc, DateTimeOffset at)
    {
        var points = new PointList(at, gc.Duration > TimeSpan.Zero ? gc.Duration : TimeSpan.Zero);
        points.Lasted(ExportMetrics.GcPause, gc.Pause, PointList.With(
            OfProcess(gc.Service, gc.Container, gc.Process, gc.Pid),
            ("runtime", Camel(gc.Runtime)), ("collector", gc.Collector), ("kind", Camel(gc.Kind))));
        return points.Points;
    }

    private void AddCpu(PointList points, HostSample sample)
    {
        foreach (var (mode, share) in new[] { ("user", sample.Cpu.User), ("system", sample.Cpu.System), ("iowait", sample.Cpu.IoWait), ("steal", sample.Cpu.Steal) })
            points.Gauge(ExportMetrics.Cpu, share, PointList.With(_host, ("mode", mode)));
        for (var core = 0; core < (sample.PerCore?.Count ?? 0); core++)
            points.Gauge(ExportMetrics.CoreBusy, sample.PerCore![core].Busy, PointList.With(_host, ("core", $"{core}")));
        points.Gauge(ExportMetrics.Cores, sample.Cores, _host);
        foreach (var (minutes, load) in new[] { ("1", sample.Load.One), ("5", sample.Load.Five), ("15", sample.Load.Fifteen) })
            points.Gauge(ExportMetrics.Load, load, PointList.With(_host, ("minutes", minutes)));
        points.Gauge(ExportMetrics.Threads, sample.RunQueue?.Running, PointList.With(_host, ("state", "running")));
        points.Gauge(ExportMetrics.Threads, sample.RunQueue?.Blocked, PointList.With(_host, ("state", "blocked")));
    }

    private void AddDisks(PointList points, HostSample sample)
    {
        AddBytes(points, ExportMetrics.Disk, sample.Disk, _host, "read", "write");
        foreach (var disk in sample.Disks ?? [])
        {
            var tags = PointList.With(_host, ("device", disk.Name));
            AddBytes(points, ExportMetrics.DiskDevice, disk.Bytes, tags, "read", "write");
            points.Gauge(ExportMetrics.DiskOperations, disk.Reads, PointList.With(tags, ("direction", "read")));
            points.Gauge(ExportMetrics.DiskOperations, disk.Writes, PointList.With(tags, ("direction", "write")));
            points.Gauge(ExportMetrics.DiskBusy, disk.Busy, tags);
        }
    }

    private void AddNetwork(PointList points, HostSample sample)
    {
        foreach (var one in sample.Interfaces ?? [])
        {
            var tags = PointList.With(_host, ("interface", one.Name));
            AddBytes(points, ExportMetrics.Interface, one.Bytes, tags);
            foreach (var (direction, rate) in new[] { ("in", one.PacketsIn), ("out", one.PacketsOut), ("error", one.Errors), ("dropped", one.Dropped) })
                points.Gauge(ExportMetrics.Packets, rate, PointList.With(tags, ("direction", direction)));
        }
        if (sample.Tcp is not { } tcp)
            return;
        foreach (var (state, count) in tcp.States)
            points.Gauge(ExportMetrics.TcpConnections, count, PointList.With(_host, ("state", state)));
        points.Gauge(ExportMetrics.TcpSegments, tcp.SegmentsOut, PointList.With(_host, ("kind", "all")));
        points.Gauge(ExportMetrics.TcpSegments, tcp.Retransmits, PointList.With(_host, ("kind", "retransmitted")));
        points.Gauge(ExportMetrics.ListenDrops, tcp.ListenDrops, _host);
    }

    private void Add(PointList points, ContainerSample container)
    {
        var tags = PointList.With(Of(container.Service), ("container", container.Name));
        points.Gauge(ExportMetrics.ContainerCpu, container.Cpu, tags);
        points.Gauge(ExportMetrics.ContainerCpuLimit, container.CpuLimit, tags);
        points.Gauge(ExportMetrics.ContainerThrottled, container.Throttled, tags);
        points.Gauge(ExportMetrics.ContainerMemory, container.Memory, tags);
        points.Gauge(ExportMetrics.ContainerMemoryLimit, container.MemoryLimit, tags);
        points.Gauge(ExportMetrics.ContainerRestarts, container.Restarts, tags);
        if (container.Network is { } network)
            AddBytes(points, ExportMetrics.ContainerNetwork, network, tags);
    }

    private void Add(PointList points, ProcessSample process)
    {
        var tags = OfProcess(process.Service, process.Container, process.Name, process.Pid);
        points.Gauge(ExportMetrics.ProcessCpu, process.Cpu, tags);
        points.Gauge(ExportMetrics.ProcessMemory, process.Rss, tags);
        points.Gauge(ExportMetrics.ProcessThreads, process.Threads, tags);
        points.Gauge(ExportMetrics.ProcessDescriptors, process.Descriptors, tags);
        points.Gauge(ExportMetrics.GcHeap, process.Gc?.Heap, tags);
        points.Gauge(ExportMetrics.GcAllocated, process.Gc?.Allocated, tags);
        points.Gauge(ExportMetrics.GcPauseShare, process.Gc?.PauseShare, tags);
    }

    private IReadOnlyList<MetricTag> OfProcess(string? service, string? container, string process, int pid) =>
        PointList.With(Of(service), ("container", container), ("process", process), ("pid", $"{pid}"));

    /// <summary>What a container or process says of its service goes before what its host's labels say.</summary>
    private IReadOnlyList<MetricTag> Of(string? service) => service is null ? _host : [.. _host.Where(t => t.Name != "service"), .. PointList.Tags(("service", service))];

    private static void AddBytes(PointList points, ExportMetric metric, ByteRates bytes, IReadOnlyList<MetricTag> tags, string into = "in", string outOf = "out")
    {
        points.Gauge(metric, bytes.In, PointList.With(tags, ("direction", into)));
        points.Gauge(metric, bytes.Out, PointList.With(tags, ("direction", outOf)));
    }

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
