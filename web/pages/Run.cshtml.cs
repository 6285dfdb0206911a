using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Web.Language;
using Pressure.Web.Runs;

namespace Pressure.Web.Pages;

/// <summary>One run: live while it goes on, its report afterwards.</summary>
internal sealed class RunModel(RunStore store, ActiveRuns active, ReportsOnDemand reports, TimeProvider time) : PageModel
{
    /// <summary>How long another process is given to print the PDF after its summary.</summary>
    private static readonly TimeSpan Printing = TimeSpan.FromMinutes(1);

    public RunListing Run { get; private set; } = null!;

    /// <summary>The run while it goes on in this service.</summary>
    public RunHandle? Live { get; private set; }

    /// <summary>Why reports could not be written, if so.</summary>
    public string? ReportProblem { get; private set; }

    /// <summary>How far a run of another process should be.</summary>
    public TimeSpan Elapsed => time.GetUtcNow() - Run.StartedAt;

    /// <summary>Another process, such as the command line, is still writing reports of this run.</summary>
    public bool ReportsToCome =>
        Run is { State: RunState.Finished, Manifest: { } manifest } && !HasFile("report.pdf")
        && manifest.ProcessId != Environment.ProcessId && RunFolder.IsWriterAlive(manifest)
        && time.GetUtcNow() - System.IO.File.GetLastWriteTimeUtc(Path.Combine(Run.Folder, SummaryFile.Name)) < Printing;

    /// <summary>Only another process knows when there is more to see.</summary>
    public bool LoadsAgain => Run.State == RunState.RunningElsewhere || ReportsToCome;

    public bool HasFile(string name) => System.IO.File.Exists(Path.Combine(Run.Folder, name));

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (store.Find(id) is not { } run)
            return NotFound();
        ReportProblem = await reports.EnsureAsync(run, HttpContext.Texts().Language);
        Run = store.Find(id) ?? run;
        Live = active.Find(id);
        return Page();
    }

    public IActionResult OnPostStop(string id)
    {
        active.Find(id)?.Stop("web page");
        return Redirect($"/runs/{Uri.EscapeDataString(id)}");
    }
}
