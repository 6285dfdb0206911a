using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Web.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>What runs, what comes next, what was; and the big stop.</summary>
internal sealed class OverviewModel(ChaosService chaos, TimeProvider time) : PageModel
{
    private const int Shown = 30;

    public IReadOnlyList<RunningDrill> Running => chaos.Desk.Running;

    public IReadOnlyList<PastDrill> Past { get; private set; } = [];

    public IReadOnlyList<(DateTimeOffset At, DrillSchedule Schedule)> Next { get; private set; } = [];

    public string? Halted => chaos.Halted;

    public string? Problem { get; private set; }

    public void OnGet() => Show();

    /// <summary>The big stop: everything that holds is undone, and nothing begins until somebody lifts it.</summary>
    public async Task<IActionResult> OnPostHaltAsync(string? why)
    {
        Problem = await chaos.HaltAsync(ExperimentModel.By, why ?? "") is { } wrong ? HttpContext.Texts().With("chaos.halt.failed", wrong) : null;
        return Answer();
    }

    public async Task<IActionResult> OnPostResumeAsync()
    {
        Problem = await chaos.ResumeAsync(ExperimentModel.By) is { } wrong ? HttpContext.Texts().With("chaos.resume.failed", wrong) : null;
        return Answer();
    }

    private IActionResult Answer()
    {
        if (Problem is null)
            return Redirect("/chaos");
        Show();
        return Page();
    }

    private void Show()
    {
        var now = time.GetUtcNow();
        var running = Running;
        Past = [.. chaos.History.Latest(Shown).Where(p => running.All(r => r.Id != p.Manifest.Id))];
        Next =
        [
            .. chaos.Schedules.All.Where(s => s.State.Off is null).SelectMany(s => s.Plan.Next(now, 5), (s, at) => (At: at, s.Schedule)).OrderBy(n => n.At).Take(5),
        ];
    }
}
