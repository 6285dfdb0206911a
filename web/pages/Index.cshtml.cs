using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Web.Runs;

namespace Pressure.Web.Pages;

/// <summary>The start page: all runs, newest first.</summary>
internal sealed class IndexModel(RunStore store, ReportsOnDemand reports) : PageModel
{
    private const int Shown = 50;

    public IReadOnlyList<RunListing> Runs { get; private set; } = [];

    /// <summary>Runs that are not shown yet.</summary>
    public int More { get; private set; }

    public void OnGet(string? all)
    {
        var runs = store.All();
        Runs = all == "1" ? runs : [.. runs.Take(Shown)];
        More = runs.Count - Runs.Count;
        reports.RecoverInterrupted();
    }
}
