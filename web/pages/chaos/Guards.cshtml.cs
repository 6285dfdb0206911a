using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Reports;
using Pressure.Web.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>What keeps chaos small: budgets, circuits, windows, approvals.</summary>
internal sealed class GuardsModel(GuardDesk guards) : PageModel
{
    public GuardStanding? Standing { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>The limits as a text, or as just typed.</summary>
    public string Limits { get; private set; } = "";

    public IReadOnlyList<ExperimentProblem> Wrong { get; private set; } = [];

    public Task OnGetAsync() => ShowAsync(null);

    public async Task<IActionResult> OnPostLimitsAsync(string? limits)
    {
        (Wrong, var problem) = await guards.SetRulesAsync(limits ?? "", ExperimentModel.By, HttpContext.RequestAborted);
        return await AnswerAsync(problem, Wrong.Count > 0 ? limits : null);
    }

    public async Task<IActionResult> OnPostDecideAsync(string? id, string? by, string? say)
    {
        // People are told apart by the name that they give, so one must be given.
        var name = (by ?? "").Trim();
        return await AnswerAsync(name.Length == 0 ? HttpContext.Texts()["chaos.approvals.unnamed"] : await guards.DecideAsync(id ?? "", name, say == "yes", HttpContext.RequestAborted), null);
    }

    public async Task<IActionResult> OnPostCloseAsync(string? budget) => await AnswerAsync(await guards.CloseCircuitsAsync(budget, ExperimentModel.By, HttpContext.RequestAborted), null);

    private async Task<IActionResult> AnswerAsync(string? problem, string? typed)
    {
        if (problem is null && typed is null)
            return Redirect("/chaos/guards");
        await ShowAsync(typed);
        Problem ??= problem;
        return Page();
    }

    private async Task ShowAsync(string? typed)
    {
        (Standing, Problem) = await guards.ReadAsync(HttpContext.RequestAborted);
        Limits = typed ?? (Standing is null ? "" : JsonSerializer.Serialize(GuardRulesWriter.Write(Standing.Rules), ReportJson.Indented));
    }
}
