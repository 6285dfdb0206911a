using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Web.Api;
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

    /// <summary>Why the load was not changed as somebody without scripts just wished.</summary>
    public string? Problem { get; private set; }

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

    public async Task<IActionResult> OnGetAsync(string id, string? refused)
    {
        Problem = refused is null ? null : HttpContext.Texts().Or($"steer.refused.{refused}", "");
        if (store.Find(id) is not { } run)
            return NotFound();
        ReportProblem = await reports.EnsureAsync(run, HttpContext.Texts().Language);
        Run = store.Find(id) ?? run;
        Live = active.Find(id);
        return Page();
    }

    /// <summary>A change of the load: of the page's script it is told what came of it, a plain form goes back to the page.</summary>
    public IActionResult OnPostSteer(string id, string? what, string? value)
    {
        if (active.Find(id) is not { } live)
            return Steered(id, "over");
        // The button beside the field and the one for the plan send the field with them, the others need none.
        var wish = what switch
        {
            "rate" or "users" => SteeringText.Parse(what, value),
            "plan-rate" => SteeringText.Parse("rate", "plan"),
            "plan-users" => SteeringText.Parse("users", "plan"),
            _ => SteeringText.Parse(what ?? "", null),
        };
        if (wish.Change is null)
            return Steered(id, what == "users" ? "unreadable-users" : "unreadable");
        var result = live.Steer(wish.Change, "web page");
        return Steered(id, result.IsAccepted ? null : RunView.Kebab(result.Refusal));
    }

    /// <summary>How far the answer to a disturbance is, for the timeline.</summary>
    public IActionResult OnPostMark(string id, string? mark) =>
        Steered(id, MarkText.WhyNot(mark, null) is null && active.Find(id)?.Mark(mark!, "web page") == true ? null : "over");

    private IActionResult Steered(string id, string? refused)
    {
        if (Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal))
            return new JsonResult(new { problem = refused is null ? null : HttpContext.Texts()[$"steer.refused.{refused}"] });
        return Redirect($"/runs/{Uri.EscapeDataString(id)}{(refused is null ? "" : $"?refused={refused}")}");
    }

    public IActionResult OnPostStop(string id)
    {
        active.Find(id)?.Stop("web page");
        return Redirect($"/runs/{Uri.EscapeDataString(id)}");
    }
}
