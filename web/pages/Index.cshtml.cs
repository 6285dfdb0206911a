using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Web.Runs;

namespace Pressure.Web.Pages;

/// <summary>The start page: the runs, newest first, page by page.</summary>
internal sealed class IndexModel(RunStore store, ReportsOnDemand reports) : PageModel
{
    private const int PageSize = 50;

    public RunPage List { get; private set; } = null!;

    /// <param name="page">Which page of the list, from 1; anything else is the first. (Only of the query: the route has a value of this name, too.)</param>
    public void OnGet([FromQuery(Name = "page")] string? page)
    {
        List = store.Page(int.TryParse(page, out var number) ? number : 1, PageSize);
        reports.RecoverInterrupted(List.Runs);
    }
}
