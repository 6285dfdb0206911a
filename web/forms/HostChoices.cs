using Pressure.LoadGen;
using Pressure.Web.Access;

namespace Pressure.Web.Forms;

/// <summary>One box of the form.</summary>
/// <param name="Value">As a plan names it.</param>
/// <param name="Labels">Labels of the host; what else there is to say of it.</param>
/// <param name="Chosen">Whether it is ticked.</param>
/// <param name="Away">It is a host whose agent is not connected.</param>
internal sealed record HostChoice(string Value, string Labels, bool Chosen, bool Away);

/// <summary>The machines that the form offers to watch: this one, those with connected agents, and whatever else the form has chosen already.</summary>
/// <param name="Boxes">In order.</param>
/// <param name="More">Connected ones beyond those.</param>
internal sealed record HostChoices(IReadOnlyList<HostChoice> Boxes, int More)
{
    private const int Most = 40;

    public bool HasAgents => Boxes.Count > 1;

    public static HostChoices Of(TestForm form, IReadOnlyList<AgentPresence> agents)
    {
        var chosen = form.Hosts.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var connected = agents.Where(a => a.Connected).OrderByDescending(a => chosen.Contains(a.Name)).ThenBy(a => a.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var shown = connected.Take(Math.Max(Most, connected.Count(a => chosen.Contains(a.Name)))).ToList();
        var offered = shown.Select(a => a.Name).Append(HostSelector.Local.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var others = form.Hosts.Where(h => !offered.Contains(h));
        return new HostChoices(
            [
                new HostChoice(HostSelector.Local.Name, "", chosen.Contains(HostSelector.Local.Name), Away: false),
                .. shown.Select(a => new HostChoice(a.Name, LabelsOf(a), chosen.Contains(a.Name), Away: false)),
                // Patterns and labels of a plan, and hosts that are away: they stay as they are until somebody unticks them.
                .. others.Select(h => new HostChoice(h, "", Chosen: true, IsAway(h))),
            ],
            connected.Count - shown.Count);
    }

    private static bool IsAway(string host) => HostSelector.TryParse(host, out var selector) is null && selector is HostSelector.Named { IsExact: true };

    private static string LabelsOf(AgentPresence agent) => string.Join(" ", agent.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
}
