using Pressure.Reports.Export;

namespace Pressure.Web.Health;

/// <summary>Whether sinks take what is exported. Runs don't depend on them, so at the worst it is a warning.</summary>
internal sealed class ExportCheck(MetricExport export) : IHealthCheck
{
    public string Name => "export";

    public Task<HealthFinding> CheckAsync()
    {
        var sinks = export.Sinks;
        var failing = sinks.Where(s => s.FailingSince is not null).Select(s => $"{s.Name}: {s.Problem} ({s.Dropped} points dropped)").ToList();
        return Task.FromResult(failing.Count > 0
            ? new HealthFinding(HealthLevel.Warning, string.Join("; ", failing))
            : new HealthFinding(HealthLevel.Ok, sinks.Count == 0 ? "nothing is exported" : $"{sinks.Count} sinks take points"));
    }
}
