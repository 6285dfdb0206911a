using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.LoadGen;
using Pressure.Record;
using Pressure.Web.Access;
using Pressure.Web.Api;
using Pressure.Web.Forms;
using Pressure.Web.Language;
using Pressure.Web.Runs;
using Pressure.Web.Workers;

namespace Pressure.Web.Pages;

/// <summary>
/// The New test form. It works without scripts: every button sends the whole form and gets it back with what the button did. Scripts send the
/// same to <c>?handler=Fragment</c> and get only the part that changed.
/// </summary>
[IgnoreAntiforgeryToken] // Checked below: a form that stood open for too long is shown again with what was typed, not thrown away.
internal sealed class NewModel(RunStarter starter, RunStore store, TryOnce once, IAgentHistory agents, IWorkerDirectory workers, IAntiforgery antiforgery) : PageModel
{
    private Texts T => HttpContext.Texts();

    public TestForm Form { get; private set; } = new();

    public IReadOnlyList<PlanProblem> PlanProblems { get; private set; } = [];

    public Arithmetic? Arithmetic => PageViewArithmetic.Of(Form);

    /// <summary>Machines that can be watched.</summary>
    public HostChoices Hosts => HostChoices.Of(Form, agents.Agents);

    /// <summary>How many machines may make the load.</summary>
    public WorkerChoice Workers => WorkerChoice.Of(Form, workers);

    /// <param name="from">A run whose plan fills the form.</param>
    /// <param name="host">A host with an agent that is to be watched.</param>
    public void OnGet(string? from, string? host)
    {
        if (from is not null && store.Find(from) is { } run)
            Form = FormOfPlan.Read(PlanReader.ReadFile(Path.Combine(run.Folder, RunFolder.PlanFile)));
        if (host is not null && agents.Find(host) is { } agent)
            Form.Hosts = [.. Form.Hosts.Append(agent.Name).Distinct()];
        Show();
    }

    public async Task<IActionResult> OnPostAsync(string? action)
    {
        Form = TestForm.Read(await Request.ReadFormAsync());
        if (!await antiforgery.IsRequestValidAsync(HttpContext))
            return Show(new Dictionary<string, string> { [""] = T["error.stale"] });
        var (verb, row) = Split(action);
        return verb switch
        {
            "start" => await StartAsync(),
            "download" => Download(),
            "as-text" => AsText(),
            "try" => await TryAsync(row),
            _ => Change(verb, row),
        };
    }

    /// <summary>A part of the page, for scripts.</summary>
    public async Task<IActionResult> OnPostFragmentAsync(string? action)
    {
        Form = TestForm.Read(await Request.ReadFormAsync());
        if (!await antiforgery.IsRequestValidAsync(HttpContext))
            return BadRequest();
        var (verb, row) = Split(action);
        Show();
        switch (verb)
        {
            case "arithmetic":
                return Partial("form/_Arithmetic", Arithmetic!);
            case "problems":
                return Partial("form/_Problems", FormCheck.Of(Form, T).Problems);
            case "try":
                return Partial("form/_Tried", await TriedAsync(row));
            case "add-url" when Form.AddUrl() is { } url:
                return Partial("form/_Url", url);
            case "add-stage" when Form.AddStage() is { } stage:
                return Partial("form/_Stage", stage);
            default:
                return BadRequest();
        }
    }

    private async Task<IActionResult> StartAsync()
    {
        var check = FormCheck.Of(Form, T);
        if (check.Plan is null)
            return Show(check);
        switch (await starter.StartAsync(check.Text, T.Language, count: null, HttpContext.RequestAborted))
        {
            case StartOutcome.Started started:
                return Redirect($"/runs/{started.Id}");
            case StartOutcome.Invalid invalid:
                return Show(FormCheck.Of(Form, check, invalid.Problems, T));
            case StartOutcome.Refused refused:
                ViewData["Refused"] = true;
                return Show(new Dictionary<string, string> { [Form.Mode == TestForm.Text ? "plan" : "target"] = RefusedText(refused.Hosts) });
            case StartOutcome.Busy { Runs.Count: > 0 } busy:
                ViewData["Busy"] = busy.Runs;
                return Show();
            case StartOutcome.NoWorkers none:
                return Show(new Dictionary<string, string> { [Form.Mode == TestForm.Text ? "plan" : WorkerChoice.Input] = workers.HasBroker ? string.Join(" ", none.Problems) : T["error.noBroker"] });
            case StartOutcome.NotWritable disk:
                return Show(new Dictionary<string, string> { [""] = T.With("error.notWritable", disk.Why) });
            default:
                return Show(new Dictionary<string, string> { [""] = T["error.closing"] });
        }
    }

    private IActionResult Download()
    {
        var check = FormCheck.Of(Form, T);
        if (check.Plan is not { } plan)
            return Show(check);
        var name = string.Concat(plan.Name.Select(c => char.IsLetterOrDigit(c) ? c : '-')).Trim('-');
        return File(Encoding.UTF8.GetBytes(check.Text), "application/yaml", $"{(name.Length > 0 ? name : "plan")}.yaml");
    }

    private PageResult AsText()
    {
        Form["plan"] = PlanOfForm.Write(Form);
        Form.Mode = TestForm.Text;
        PlanProblems = FormCheck.Of(Form, T).Problems;
        return Show();
    }

    private async Task<IActionResult> TryAsync(int row)
    {
        ViewData[$"tried-{row}"] = await TriedAsync(row);
        return Show();
    }

    private async Task<TriedPanel> TriedAsync(int row)
    {
        // The row alone is tried: what is missing elsewhere in the form is no reason not to.
        var only = Form.ForTrying(row);
        var check = FormCheck.Of(only, T);
        if (check.Plan is not { } plan)
            return new TriedPanel(null, [.. check.Errors.Values]);
        return await once.SendAsync(plan, 0, HttpContext.RequestAborted) switch
        {
            TryOutcome.Sent sent => new TriedPanel(TriedView.Of(sent), []),
            TryOutcome.Refused refused => new TriedPanel(null, [RefusedText(refused.Hosts)]) { Refused = true },
            _ => new TriedPanel(null, [T["tried.gone"]]),
        };
    }

    private string RefusedText(IReadOnlyList<string> hosts) => T.With("refused.hosts", string.Join(", ", hosts));

    private PageResult Change(string verb, int row)
    {
        switch (verb)
        {
            case "add-url":
                Form.AddUrl();
                break;
            case "add-stage":
                Form.AddStage();
                break;
            case "remove-url":
                Form.Urls.Remove(row);
                break;
            case "remove-stage":
                Form.Stages.Remove(row);
                break;
        }
        return Show();
    }

    private PageResult Show(FormCheck check)
    {
        PlanProblems = check.Problems;
        return Show(check.Errors);
    }

    private PageResult Show(IReadOnlyDictionary<string, string>? errors = null)
    {
        new FormState(Form, errors ?? new Dictionary<string, string>()).Show(HttpContext);
        return Page();
    }

    /// <summary><c>try:3</c> is the verb <c>try</c> for row 3.</summary>
    private static (string Verb, int Row) Split(string? action)
    {
        var parts = (action ?? "").Split(':');
        return (parts[0], parts.Length == 2 && int.TryParse(parts[1], out var row) ? row : -1);
    }
}
