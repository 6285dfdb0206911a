using System.Diagnostics;
using System.Reflection;
using Pressure.Reports.Export;
using Pressure.Web.Access;
using Pressure.Web.Health;
using Pressure.Web.Runs;

namespace Pressure.Web.Export;

/// <summary>The service itself, as it stands at a moment.</summary>
internal sealed class ServiceFigures(WebOptions options, ActiveRuns runs, MetricExport export, ScrapedSeries scraped, SelfHealth health, IAgentHistory agents, TimeProvider time)
{
    private static readonly string Version =
        typeof(ServiceFigures).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public async Task<IReadOnlyList<MetricPoint>> NowAsync()
    {
        List<MetricPoint> points =
        [
            Gauge(ServiceMetrics.Up, 1, ("version", Version)),
            Gauge(ServiceMetrics.Runs, runs.All().Count),
            Gauge(ServiceMetrics.Memory, Environment.WorkingSet),
            Count(ServiceMetrics.Cpu, (long)CpuTime().TotalMilliseconds),
            Count(ServiceMetrics.LeftOut, scraped.LeftOut),
        ];
        if (DiskCheck.FreeBytes(options.RunsFolder) is { } free)
            points.Add(Gauge(ServiceMetrics.DiskFree, free));
        var enrolled = agents.Agents;
        var connected = enrolled.Count(a => a.Connected);
        points.Add(Gauge(ServiceMetrics.Agents, connected, ("state", "connected")));
        points.Add(Gauge(ServiceMetrics.Agents, enrolled.Count - connected, ("state", "silent")));
        foreach (var sink in export.Sinks)
        {
            points.Add(Count(ServiceMetrics.Points, sink.Sent, ("sink", sink.Name), ("result", "sent")));
            points.Add(Count(ServiceMetrics.Points, sink.Dropped, ("sink", sink.Name), ("result", "dropped")));
            points.Add(Gauge(ServiceMetrics.Waiting, sink.Waiting, ("sink", sink.Name)));
            points.Add(Gauge(ServiceMetrics.Failing, sink.FailingSince is null ? 0 : 1, ("sink", sink.Name)));
        }
        foreach (var finding in (await health.ReportAsync()).Checks)
            points.Add(Gauge(ServiceMetrics.Health, finding.Level switch { HealthLevel.Ok => 2, HealthLevel.Warning => 1, _ => 0 }, ("check", finding.Name)));
        return points;
    }

    private static TimeSpan CpuTime()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }

    private MetricPoint Gauge(ExportMetric metric, double value, params (string Name, string Value)[] tags) => Point(metric, new MetricValue.Gauge(value), tags);

    private MetricPoint Count(ExportMetric metric, long value, params (string Name, string Value)[] tags) => Point(metric, new MetricValue.Count(value), tags);

    private MetricPoint Point(ExportMetric metric, MetricValue value, (string Name, string Value)[] tags) =>
        new(metric, [.. tags.Select(t => new MetricTag(t.Name, t.Value))], time.GetUtcNow(), TimeSpan.Zero, value);
}
