using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Web.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>One monkey's plan with what is wrong with it.</summary>
internal sealed class MonkeyModel(ChaosService chaos) : PageModel
{
    /// <summary>What a new one begins with.</summary>
    private const string Start = """
        name: shop
        hours:
          zone: Europe/Berlin
          windows: [ { from: '09:00', to: '15:00' } ]
        groups:
        # One of these is killed, every second working day on average.
        - name: web
          mean: 2d
          strike: { fault: container-kill, target: { container: { labels: { app: web } } }, duration: 30s }

        """;

    public string Name { get; private set; } = "";

    public string Text { get; private set; } = "";

    public bool IsNew { get; private set; }

    public bool Saved { get; private set; }

    public bool Runs => chaos.Monkeys.Find(Name) is { Running: not null };

    public MonkeyPlanResult? Result { get; private set; }

    public string? Problem { get; private set; }

    public string Address => IsNew ? "/chaos/new-monkey" : $"/chaos/monkeys/{Name}";

    public IActionResult OnGet(string? name, string? saved)
    {
        (IsNew, Saved) = (name is null, saved is not null);
        if (name is null)
        {
            Show("", Start);
            return Page();
        }
        if (chaos.MonkeyShelf.Find(name) is not { } kept)
            return NotFound();
        Show(name, kept.Text);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? name, string? text, string? action)
    {
        IsNew = RouteData.Values["name"] is null;
        Show(IsNew ? "" : name ?? "", (text ?? "").ReplaceLineEndings("\n"));
        if (action != "save" || Result?.Plan is not { } plan)
            return Page();
        try
        {
            if (await chaos.Monkeys.KeepAsync(plan.Name, Text, IsNew) is not { Count: > 0 } problems)
                return Redirect($"/chaos/monkeys/{plan.Name}?saved=1");
            Result = new(null, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = HttpContext.Texts().With("chaos.notWritable", e.Message);
        }
        return Page();
    }

    /// <summary>What is wrong with a text, for the page's script.</summary>
    public IActionResult OnPostFragment(string? name, string? text)
    {
        Show(name ?? "", (text ?? "").ReplaceLineEndings("\n"));
        return Partial("chaos/_MonkeyProblems", Result);
    }

    private void Show(string name, string text)
    {
        (Name, Text) = (name, text);
        Result = text.Trim().Length > 0 ? chaos.MonkeyShelf.Check(text, name.Length == 0 ? null : name) : null;
    }
}
