using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Web.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>One experiment: its text with what is wrong with it, what it would strike, and the buttons to keep and run it.</summary>
internal sealed class ExperimentModel(ChaosService chaos, ExperimentKinds catalogue) : PageModel
{
    public const string By = "web page";

    /// <summary>The form as typed.</summary>
    public (string Name, string Text, UsualCase Usual) Typed { get; private set; } = ("", "", new UsualCase());

    public bool IsNew { get; private set; }

    public string Title { get; private set; } = "";

    public string Address => IsNew ? "/chaos/new" : $"/chaos/experiments/{Typed.Name}";

    public ExperimentResult? Result { get; private set; }

    public ExperimentPlan? Preview { get; private set; }

    public ProbeRun? Probes { get; private set; }

    public bool Saved { get; private set; }

    public string? Problem { get; private set; }

    public string? NameProblem { get; private set; }

    public IReadOnlyList<FaultDescription> Faults => catalogue.Faults;

    public IActionResult OnGet(string? name, string? template, string? fault, string? saved)
    {
        IsNew = name is null;
        Saved = saved is not null;
        if (name is null)
        {
            var known = catalogue.Faults.Any(f => f.Kind == fault);
            var usual = known ? new UsualCase { Fault = fault! } : new UsualCase();
            Show("", ExperimentTemplates.Find(template, catalogue.Faults) ?? (known ? (usual with { Target = "app=items" }).ToYaml(catalogue.Faults) : ""), usual);
            return Page();
        }
        if (chaos.Shelf.Find(name) is not { } kept)
            return NotFound();
        Show(name, kept.Text, new UsualCase());
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? name, [FromForm(Name = "name")] string? typedName, string? text, [Bind(Prefix = "usual")] UsualCase? usual, string? action, string? template)
    {
        IsNew = RouteData.Values["name"] is null;
        var shown = Lines(text);
        var form = Plain(usual);
        if (template is not null)
            shown = ExperimentTemplates.Find(template, catalogue.Faults) ?? shown;
        else if (action == "write")
            shown = form.ToYaml(catalogue.Faults);
        Show(IsNew ? (typedName ?? "").Trim() : name!, shown, form);
        return template is not null || Result?.Experiment is not { } experiment ? (IActionResult)Page() : action switch
        {
            "save" => Save() ? Redirect($"/chaos/experiments/{Typed.Name}?saved=1") : Page(),
            "run" => Run(),
            "preview" => Shown(Preview = await PreviewAsync(experiment)),
            "probe" => Shown(Probes = await ProbeAsync(experiment)),
            _ => Page(),
        };
    }

    /// <summary>One part of the page, for its script.</summary>
    public async Task<IActionResult> OnPostFragmentAsync(string? text, [Bind(Prefix = "usual")] UsualCase? usual, string? action, string? template)
    {
        if (action == "write" || template is not null)
            return Content(ExperimentTemplates.Find(template, catalogue.Faults) ?? Plain(usual).ToYaml(catalogue.Faults), "text/plain; charset=utf-8");
        var result = chaos.Shelf.Check(Lines(text), "experiment");
        return action switch
        {
            "preview" when result.Experiment is { } experiment => await PreviewAsync(experiment) is { } preview ? Partial("chaos/_Preview", preview) : Partial("chaos/_Problem", Problem),
            "probe" when result.Experiment is { } experiment => await ProbeAsync(experiment) is { } probes ? Partial("chaos/_Probes", probes) : Partial("chaos/_Problem", Problem),
            _ => Partial("chaos/_Problems", result),
        };
    }

    private void Show(string name, string text, UsualCase usual)
    {
        Typed = (name, text, usual);
        Result = text.Trim().Length > 0 ? chaos.Shelf.Check(text, name) : null;
        Title = Result?.Experiment?.Title ?? name;
    }

    private bool Save()
    {
        var t = HttpContext.Texts();
        var name = Typed.Name.Length > 0 ? Typed.Name : PlainName.Of(Title, "experiment");
        Typed = (name, Typed.Text, Typed.Usual);
        try
        {
            if (chaos.Shelf.Keep(name, Typed.Text, IsNew) is not { Count: > 0 } problems)
                return true;
            if (problems.FirstOrDefault(p => p.Field == "name") is { } wrong)
                NameProblem = t.With(PlainName.Is(name) ? "chaos.experiment.name.taken" : "chaos.experiment.name.wrong", name);
            else
                Result = new(null, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = t.With("chaos.notWritable", e.Message);
        }
        return false;
    }

    private IActionResult Run()
    {
        var t = HttpContext.Texts();
        var start = chaos.Desk.Start(new DrillOrder(IsNew ? "" : Typed.Name, Typed.Text, By));
        if (start is DrillStart.Started started)
            return Redirect($"/chaos/drills/{Uri.EscapeDataString(started.Drill.Id)}");
        Problem = StartText.Of(start, t);
        return Page();
    }

    private PageResult Shown(object? _) => Page();

    private Task<ExperimentPlan?> PreviewAsync(Experiment experiment) => GuardedAsync(() => chaos.Desk.PreviewAsync(experiment, By, HttpContext.RequestAborted));

    private Task<ProbeRun?> ProbeAsync(Experiment experiment) => GuardedAsync(() => chaos.Desk.ProbeAsync(experiment, By, HttpContext.RequestAborted));

    /// <summary>What needs the guards; null with the problem where their book can't be opened.</summary>
    private async Task<T?> GuardedAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (GuardBookException e)
        {
            Problem = HttpContext.Texts().With("chaos.guards.closed", e.Message);
            return null;
        }
    }

    // Browsers end lines with CR LF in forms.
    private static string Lines(string? text) => (text ?? "").ReplaceLineEndings("\n");

    // What is left empty is null to the binder.
    private static UsualCase Plain(UsualCase? usual) => usual is null ? new() : usual with
    {
        Title = usual.Title ?? "",
        Fault = usual.Fault ?? "",
        Target = usual.Target ?? "",
        Mode = usual.Mode ?? "",
        Duration = usual.Duration ?? "",
        Url = usual.Url ?? "",
        Status = usual.Status ?? "",
        Every = usual.Every ?? "",
    };
}
