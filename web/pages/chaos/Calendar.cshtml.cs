using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Web.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>The month with its drills, and the schedules behind it.</summary>
internal sealed class CalendarModel(ChaosService chaos, TimeProvider time) : PageModel
{
    /// <summary>Entries of a day that are shown.</summary>
    public const int Shown = 4;

    private const int PastShown = 500;

    public CalendarMonth Month { get; private set; } = null!;

    public TimeZoneInfo Zone => time.LocalTimeZone;

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public IReadOnlyList<KeptSchedule> Schedules => chaos.Schedules.All;

    public IReadOnlyList<string> Unreadable => chaos.Schedules.Unreadable;

    public IReadOnlyList<KeptExperiment> Experiments { get; private set; } = [];

    public ScheduleForm Typed { get; private set; } = new();

    /// <summary>What is wrong with the form, in the visitor's language.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    public async Task OnGetAsync(string? month, string? edit, string? experiment)
    {
        await ShowAsync(month);
        Typed = edit is not null && chaos.Schedules.Find(edit) is { } kept ? ScheduleForm.Of(kept.Schedule)
            : Experiments.FirstOrDefault(e => e.Name == experiment) is { } asked && ScheduleForm.Of(asked, Zone.Id) is { } own ? own : new ScheduleForm { Experiment = experiment, TimeZone = Zone.Id };
    }

    public async Task<IActionResult> OnPostSetAsync(ScheduleForm form)
    {
        var t = HttpContext.Texts();
        (var schedule, Problems) = form.Read(t);
        if (schedule is not null)
        {
            try
            {
                var taken = form.IsNew && chaos.Schedules.Find(schedule.Name) is not null;
                Problems = taken ? [t.With("chaos.wrong.name.taken", schedule.Name)] : [.. (await chaos.SetScheduleAsync(schedule)).Select(p => t.With($"chaos.wrong.{p.Field}", $"{p.Message}. {p.Remedy}"))];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Problems = [t.With("chaos.notWritable", e.Message)];
            }
        }
        if (Problems.Count == 0)
            return Redirect($"/chaos/calendar#{schedule!.Name}");
        await ShowAsync(null);
        Typed = form;
        return Page();
    }

    public async Task<IActionResult> OnPostSwitchAsync(string? name, string? to)
    {
        try
        {
            _ = to switch
            {
                "gone" => await chaos.Schedules.RemoveAsync(name ?? ""),
                "on" => await chaos.Schedules.SwitchAsync(name ?? "", null),
                _ => await chaos.Schedules.SwitchAsync(name ?? "", "Switched off on the web page."),
            };
            return Redirect("/chaos/calendar");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problems = [HttpContext.Texts().With("chaos.notWritable", e.Message)];
            await ShowAsync(null);
            return Page();
        }
    }

    private async Task ShowAsync(string? month)
    {
        Experiments = [.. chaos.Shelf.List().Where(e => e.Result.Experiment is not null)];
        var frozen = await chaos.FreezesAsync(HttpContext.RequestAborted);
        Month = CalendarMonth.Of(CalendarMonth.Named(month, Now, Zone), Now, Zone, [.. Schedules.Where(s => s.State.Off is null).Select(s => s.Plan)], chaos.History.Latest(PastShown), frozen);
    }
}
