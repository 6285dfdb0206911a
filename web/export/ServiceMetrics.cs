using Pressure.Reports.Export;
using static Pressure.Reports.Export.MetricKind;
using static Pressure.Reports.Export.MetricUnit;

namespace Pressure.Web.Export;

/// <summary>What <c>/metrics</c> tells of the service itself, beside <see cref="ExportMetrics"/>.</summary>
internal static class ServiceMetrics
{
    public static readonly ExportMetric Up = new("service_info", Gauge, Number, "1, with the version of the service", ["version"]);
    public static readonly ExportMetric Health = new("service_health", Gauge, Number, "What the service's checks of itself say: 2 is well, 1 a warning, 0 failing", ["check"]);
    public static readonly ExportMetric Runs = new("service_runs", Gauge, Number, "Runs that go on", []);
    public static readonly ExportMetric Agents = new("service_agents", Gauge, Number, "Enrolled agents by state: connected or silent", ["state"]);
    public static readonly ExportMetric DiskFree = new("service_disk_free", Gauge, Bytes, "Room left for runs", []);
    public static readonly ExportMetric Memory = new("service_memory", Gauge, Bytes, "Resident memory of the service", []);
    public static readonly ExportMetric Cpu = new("service_cpu_milliseconds", Count, Number, "CPU time of the service", []);
    public static readonly ExportMetric Points = new("export_points", Count, Number, "Points exported, by sink and what became of them: sent or dropped", ["sink", "result"]);
    public static readonly ExportMetric Waiting = new("export_waiting", Gauge, Number, "Points that wait to be exported", ["sink"]);
    public static readonly ExportMetric Failing = new("export_failing", Gauge, Number, "1 while a sink does not take points", ["sink"]);
    public static readonly ExportMetric LeftOut = new("metrics_points_left_out", Count, Number, "Points that this page has no room for", []);

    public static IReadOnlyList<ExportMetric> All { get; } = [Up, Health, Runs, Agents, DiskFree, Memory, Cpu, Points, Waiting, Failing, LeftOut];
}
