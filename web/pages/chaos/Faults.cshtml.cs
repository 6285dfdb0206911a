using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Faults;

namespace Pressure.Web.Pages;

/// <summary>What there is to strike with, and to look with.</summary>
internal sealed class FaultsModel(ExperimentKinds catalogue) : PageModel
{
    /// <summary>Groups in the order in which they are shown; what begins with none of these words is of the last.</summary>
    private static readonly string[] Known = ["container", "network", "process", "resource", "gateway", "pod", "other"];

    public IEnumerable<IGrouping<string, FaultDescription>> Groups => catalogue.Faults.GroupBy(GroupOf).OrderBy(g => Array.IndexOf(Known, g.Key));

    public IReadOnlyList<ProbeDescription> Probes => catalogue.Probes;

    internal static string GroupOf(FaultDescription fault) => fault.Kind.Split('-')[0] switch
    {
        ("container" or "network" or "process" or "pod") and var own => own,
        "dns" => "network",
        "cpu" or "memory" or "io" or "disk" or "host" => "resource",
        "http" or "tcp" or "gateway" => "gateway",
        _ => "other",
    };
}
