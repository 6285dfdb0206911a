using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Forms;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>The agents, page by page, and the tokens that enrol more of them.</summary>
internal sealed class AgentsModel(IAgentHistory history, IAgentDesk desk, TimeProvider time) : PageModel
{
    private const int PageSize = 50;

    public IReadOnlyList<AgentPresence> Shown { get; private set; } = [];

    /// <summary>How many the filter leaves, and how many there are.</summary>
    public (int Found, int All, int Connected) Count { get; private set; }

    public int Number { get; private set; } = 1;

    public int Pages { get; private set; } = 1;

    /// <summary>What names and labels must contain.</summary>
    public string Filter { get; private set; } = "";

    public bool IsOpen => desk.IsOpen;

    public IReadOnlyList<Access.EnrolmentToken> Tokens => desk.Tokens;

    public MadeToken? Made { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>The token's form as typed.</summary>
    public (string Hours, string Name, string Labels) Typed { get; private set; } = ("24", "", "");

    public DateTimeOffset Now => time.GetUtcNow();

    public void OnGet([FromQuery(Name = "page")] string? page, string? find) => Find(page, find);

    /// <summary>The list alone, for the script that keeps it fresh.</summary>
    public IActionResult OnGetFragment([FromQuery(Name = "page")] string? page, string? find)
    {
        Find(page, find);
        return Partial("agents/_List", this);
    }

    public IActionResult OnPostToken(string? hours, string? name, string? labels)
    {
        Typed = (hours ?? "24", name ?? "", labels ?? "");
        Response.Headers.CacheControl = "no-store";
        Find(null, null);
        var t = HttpContext.Texts();
        if (Lines.FirstWithout(Typed.Labels, '=') is { } line)
        {
            Problem = t.With("error.line", line.Length > 60 ? line[..60] + "..." : line, "service=orders");
            return Page();
        }
        try
        {
            var pairs = Lines.Pairs(Typed.Labels, '=').GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.Last().Value);
            var asked = Typed.Name.Trim();
            Made = desk.MakeToken(TimeSpan.FromHours(int.TryParse(hours, out var number) ? number : 24), asked.Length > 0 ? asked : null, pairs, Request.Host.Host);
            Typed = ("24", "", "");
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Problem = t.With("agents.token.wrong", e.Message);
        }
        return Page();
    }

    public IActionResult OnPostRemove(string? id)
    {
        desk.RemoveToken(id ?? "");
        return Redirect("/agents#tokens");
    }

    private void Find(string? page, string? find)
    {
        Filter = (find ?? "").Trim();
        var all = history.Agents;
        var found = all.Where(Fits).OrderBy(a => Standing.Of(a, Now)).ThenBy(a => a.Name, StringComparer.OrdinalIgnoreCase).ToList();
        Count = (found.Count, all.Count, all.Count(a => a.Connected));
        Pages = Math.Max(1, (found.Count + PageSize - 1) / PageSize);
        Number = Math.Clamp(int.TryParse(page, out var number) ? number : 1, 1, Pages);
        Shown = [.. found.Skip((Number - 1) * PageSize).Take(PageSize)];
    }

    private bool Fits(AgentPresence agent) =>
        Filter.Length == 0 || agent.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || agent.Labels.Any(l => $"{l.Key}={l.Value}".Contains(Filter, StringComparison.OrdinalIgnoreCase));
}
