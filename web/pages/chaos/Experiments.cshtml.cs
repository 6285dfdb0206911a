using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Web.Chaos;

namespace Pressure.Web.Pages;

/// <summary>The experiments that are kept.</summary>
internal sealed class ExperimentsModel(ChaosService chaos) : PageModel
{
    public IReadOnlyList<KeptExperiment> Experiments { get; private set; } = [];

    public bool IsRunning(string name) => chaos.Desk.Running.Any(d => d.Order.Experiment == name);

    public void OnGet() => Experiments = chaos.Shelf.List();

    public IActionResult OnPostDelete(string? name)
    {
        chaos.Shelf.Delete(name ?? "");
        return Redirect("/chaos/experiments");
    }
}
