using static Pressure.Reports.Export.MetricKind;
using static Pressure.Reports.Export.MetricUnit;

namespace Pressure.Reports.Export;

/// <summary>Every metric that is exported, in one list. What a dashboard may name stands here.</summary>
public static class ExportMetrics
{
    private static readonly string[] OfRun = ["run"];
    private static readonly string[] OfRequest = ["run", "name", "scenario", "service", "method"];
    private static readonly string[] OfHost = ["host", "service", "env", "region"];
    private static readonly string[] OfContainer = [.. OfHost, "container"];
    private static readonly string[] OfProcess = [.. OfContainer, "process", "pid"];

    internal static readonly ExportMetric Requests = Request("http_reqs", Count, Number, "Requests sent");
    internal static readonly ExportMetric Asked = Request("http_reqs_asked", Count, Number, "Requests that were due");
    internal static readonly ExportMetric NotSent = Request("http_reqs_not_sent", Count, Number, "Requests that were due and never sent");
    internal static readonly ExportMetric Late = Request("http_reqs_late", Count, Number, "Requests that began more than 10 ms after they were due");
    internal static readonly ExportMetric Duration = Request("http_req_duration", Times, Time, "Response time, from the intended start");
    internal static readonly ExportMetric ServiceTime = Request("http_req_service_time", Times, Time, "Service time, from the actual send");
    internal static readonly ExportMetric Failed = Request("http_req_failed", Share, Ratio, "Requests that failed, of those that ended");
    internal static readonly ExportMetric Responses = Request("http_responses", Count, Number, "Responses by status", "status");
    internal static readonly ExportMetric Errors = Request("http_req_errors", Count, Number, "Requests that failed, by error", "error");
    internal static readonly ExportMetric Checks = Request("checks", Share, Ratio, "Checks that held, of those made");
    internal static readonly ExportMetric DataSent = Request("data_sent", Count, Bytes, "Bytes sent, headers included");
    internal static readonly ExportMetric DataReceived = Request("data_received", Count, Bytes, "Bytes received, headers included");

    internal static readonly ExportMetric Iterations = Run("iterations", Count, Number, "Iterations ended");
    internal static readonly ExportMetric DroppedIterations = Run("dropped_iterations", Count, Number, "Iterations that were due and could not be started");
    internal static readonly ExportMetric Users = Run("vus", Gauge, Number, "Users of a closed load");
    internal static readonly ExportMetric InFlight = Run("http_reqs_in_flight", Gauge, Number, "Requests under way");
    internal static readonly ExportMetric Connections = Run("connections", Gauge, Number, "Connections open to the target");
    internal static readonly ExportMetric Lateness = Run("generator_lateness", Times, Time, "How late the generator itself was");
    internal static readonly ExportMetric Events = Run("run_events", Count, Number, "Events of the timeline", "kind");

    internal static readonly ExportMetric Cpu = Host("host_cpu", Gauge, Ratio, "CPU time of all cores by mode", "mode");
    internal static readonly ExportMetric CoreBusy = Host("host_core_busy", Gauge, Ratio, "Busy time of each core", "core");
    internal static readonly ExportMetric Cores = Host("host_cores", Gauge, Number, "Cores online");
    internal static readonly ExportMetric Load = Host("host_load", Gauge, Number, "Load average over 1, 5 and 15 minutes", "minutes");
    internal static readonly ExportMetric Threads = Host("host_threads", Gauge, Number, "Threads that run or want to, and those that wait for a disk", "state");
    internal static readonly ExportMetric MemoryUsed = Host("host_memory_used", Gauge, Bytes, "Memory in use");
    internal static readonly ExportMetric MemoryTotal = Host("host_memory_total", Gauge, Bytes, "Physical memory");
    internal static readonly ExportMetric SwapUsed = Host("host_swap_used", Gauge, Bytes, "Swap in use");
    internal static readonly ExportMetric SwapTotal = Host("host_swap_total", Gauge, Bytes, "Swap space");
    internal static readonly ExportMetric Network = Host("host_network", Gauge, BytesPerSecond, "Traffic over all interfaces", "direction");
    internal static readonly ExportMetric Interface = Host("host_interface", Gauge, BytesPerSecond, "Traffic by interface", "interface", "direction");
    internal static readonly ExportMetric Packets = Host("host_interface_packets", Gauge, PerSecond, "Packets by interface; direction is in, out, error or dropped", "interface", "direction");
    internal static readonly ExportMetric Disk = Host("host_disk", Gauge, BytesPerSecond, "Traffic of all disks; direction is read or write", "direction");
    internal static readonly ExportMetric DiskDevice = Host("host_disk_device", Gauge, BytesPerSecond, "Traffic by disk", "device", "direction");
    internal static readonly ExportMetric DiskOperations = Host("host_disk_operations", Gauge, PerSecond, "Reads and writes by disk", "device", "direction");
    internal static readonly ExportMetric DiskBusy = Host("host_disk_busy", Gauge, Ratio, "Time with requests under way by disk", "device");
    internal static readonly ExportMetric Sockets = Host("host_sockets", Gauge, Number, "Open sockets");
    internal static readonly ExportMetric TcpConnections = Host("host_tcp_connections", Gauge, Number, "TCP connections by state", "state");
    internal static readonly ExportMetric TcpSegments = Host("host_tcp_segments", Gauge, PerSecond, "TCP segments sent; kind is all or retransmitted", "kind");
    internal static readonly ExportMetric ListenDrops = Host("host_tcp_listen_drops", Gauge, PerSecond, "Connections refused since a listener's queue was full");
    internal static readonly ExportMetric AgentCpu = Host("agent_cpu", Gauge, Number, "Cores that the agent itself keeps busy");
    internal static readonly ExportMetric AgentMemory = Host("agent_memory", Gauge, Bytes, "Memory of the agent itself");
    internal static readonly ExportMetric AgentDropped = Host("agent_dropped", Gauge, Number, "Samples that found no room in the agent's buffer since it started");

    internal static readonly ExportMetric ContainerCpu = Container("container_cpu", Number, "Cores that a container keeps busy");
    internal static readonly ExportMetric ContainerCpuLimit = Container("container_cpu_limit", Number, "Cores that it may use");
    internal static readonly ExportMetric ContainerThrottled = Container("container_throttled", Ratio, "Scheduler's periods in which it was held back by that limit");
    internal static readonly ExportMetric ContainerMemory = Container("container_memory", Bytes, "Memory of a container without cache that can be given back");
    internal static readonly ExportMetric ContainerMemoryLimit = Container("container_memory_limit", Bytes, "Memory that it may use");
    internal static readonly ExportMetric ContainerNetwork = Container("container_network", BytesPerSecond, "Traffic of a container", "direction");
    internal static readonly ExportMetric ContainerRestarts = Container("container_restarts", Number, "How often it has been started anew");

    internal static readonly ExportMetric ProcessCpu = Process("process_cpu", Gauge, Number, "Cores that a process keeps busy");
    internal static readonly ExportMetric ProcessMemory = Process("process_memory", Gauge, Bytes, "Resident memory of a process");
    internal static readonly ExportMetric ProcessThreads = Process("process_threads", Gauge, Number, "Its threads");
    internal static readonly ExportMetric ProcessDescriptors = Process("process_descriptors", Gauge, Number, "Its open descriptors");
    internal static readonly ExportMetric GcHeap = Process("gc_heap", Gauge, Bytes, "Heap in use after the last collection");
    internal static readonly ExportMetric GcAllocated = Process("gc_allocated", Gauge, BytesPerSecond, "Memory allocated");
    internal static readonly ExportMetric GcPauseShare = Process("gc_pause_share", Gauge, Ratio, "Time in which the process was stopped for collections");
    internal static readonly ExportMetric GcPause = Process("gc_pause", Lasted, Time, "Collections and their pauses", "runtime", "collector", "kind");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExportMetric> All { get; } =
    [
        Requests, Asked, NotSent, Late, Duration, ServiceTime, Failed, Responses, Errors, Checks, DataSent, DataReceived,
        Iterations, DroppedIterations, Users, InFlight, Connections, Lateness, Events,
        Cpu, CoreBusy, Cores, Load, Threads, MemoryUsed, MemoryTotal, SwapUsed, SwapTotal, Network, Interface, Packets,
        Disk, DiskDevice, DiskOperations, DiskBusy, Sockets, TcpConnections, TcpSegments, ListenDrops, AgentCpu, AgentMemory, AgentDropped,
        ContainerCpu, ContainerCpuLimit, ContainerThrottled, ContainerMemory, ContainerMemoryLimit, ContainerNetwork, ContainerRestarts,
        ProcessCpu, ProcessMemory, ProcessThreads, ProcessDescriptors, GcHeap, GcAllocated, GcPauseShare, GcPause,
    ];

    private static ExportMetric Request(string name, MetricKind kind, MetricUnit unit, string help, params string[] more) => new(name, kind, unit, help, [.. OfRequest, .. more]);

    private static ExportMetric Run(string name, MetricKind kind, MetricUnit unit, string help, params string[] more) => new(name, kind, unit, help, [.. OfRun, .. more]);

    private static ExportMetric Host(string name, MetricKind kind, MetricUnit unit, string help, params string[] more) => new(name, kind, unit, help, [.. OfHost, .. more]);

    private static ExportMetric Container(string name, MetricUnit unit, string help, params string[] more) => new(name, Gauge, unit, help, [.. OfContainer, .. more]);

    private static ExportMetric Process(string name, MetricKind kind, MetricUnit unit, string help, params string[] more) => new(name, kind, unit, help, [.. OfProcess, .. more]);
}
