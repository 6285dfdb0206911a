using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Cluster;
using Pressure.Web.Language;
using Pressure.Web.Runs;

namespace Pressure.Web.Pages;

/// <summary>One run: live while it goes on, its report afterwards.</summary>
internal sealed class RunModel(RunStore store, ActiveRuns active, ReportsOnDemand reports) : PageModel
{
    public RunListing Run { get; private set; } = null!;

    /// <summary>The run while it goes on in this service.</summary>
    public RunHandle? Live { get; private set; }

    /// <summary>Why reports could not be written, if so.</summary>
    public string? ReportProblem { get; private set; }

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
