using Microsoft.AspNetCore.Http;
using Pressure.Web.Runs;
using Pressure.Web.Safety;

namespace Pressure.Web.Api;

/// <summary>The files of a run folder that may be fetched: these names and no other.</summary>
internal static class RunFiles
{
    private static readonly (string Name, string Type)[] Files =
    [
        ("report.html", "text/html; charset=utf-8"),
        ("report.pdf", "application/pdf"),
        ("summary.json", "application/json"),
        ("plan.yaml", "application/yaml; charset=utf-8"),
        ("junit.xml", "application/xml"),
        ("histograms.hlog", "text/plain; charset=utf-8"),
    ];

    public static IEnumerable<string> Names => Files.Select(f => f.Name);

    /// <summary>Sends a file; <paramref name="download"/> makes the browser save it under the run's name instead of showing it.</summary>
    public static IResult Send(HttpContext context, RunListing run, string name, bool download)
    {
        var known = Files.FirstOrDefault(f => f.Name == name);
        if (known.Name is null)
            return Problems.NoSuchFile(name, $"There are {string.Join(", ", Names)}.");
        var path = Path.Combine(run.Folder, known.Name);
        // A run folder may come from elsewhere: a link in it must not lead out of it.
        if (!File.Exists(path) || File.ResolveLinkTarget(path, returnFinalTarget: false) is not null)
            return Problems.NoSuchFile(name, run.State == RunState.Running ? "It is written when the run has ended." : "It was not written; the run's page says why.");
        if (known.Name != "report.pdf") // Browsers show no PDF in a sandbox.
            context.Response.Headers.ContentSecurityPolicy = known.Name == "report.html" ? SecurityHeaders.Report : SecurityHeaders.Data;
        context.Response.Headers.CacheControl = "no-cache";
        return Results.File(path, known.Type, download ? $"{run.Id}-{known.Name}" : null, enableRangeProcessing: true);
    }
}
