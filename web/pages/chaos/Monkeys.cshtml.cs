using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Web.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>The monkeys that are kept, with buttons that let them loose and call them back.</summary>
internal sealed class MonkeysModel(ChaosService chaos, TimeProvider time) : PageModel
{
    /// <summary>Next times, and last strikes, that are shown.</summary>
    public const int Shown = 4;

    public IReadOnlyList<MonkeyStanding> Monkeys => chaos.Monkeys.All;

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public string? Problem { get; private set; }

    public IEnumerable<PastDrill> StrikesOf(string name) => chaos.StrikesOf(name, Shown);

    public async Task<IActionResult> OnPostSwitchAsync(string? name, string? to)
    {
        var t = HttpContext.Texts();
        try
        {
            var why = to switch
            {
                "loose" => await chaos.Monkeys.StartAsync(name ?? ""),
                "gone" => await chaos.Monkeys.DeleteAsync(name ?? "") ? null : $"There is no monkey '{name}'.",
                _ => await chaos.Monkeys.StopAsync(name ?? ""),
            };
            // What hinders one stands with it.
            if (why is null || chaos.Monkeys.Find(name ?? "") is { Problem: not null })
                return Redirect($"/chaos/monkeys#{Uri.EscapeDataString(name ?? "")}");
            Problem = why;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = t.With("chaos.notWritable", e.Message);
        }
        return Page();
    }
}
