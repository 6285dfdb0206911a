using Pressure.LoadGen;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>The hosts of a plan as they stand when its run starts.</summary>
/// <param name="Local">Whether the machine that makes the load is one of them.</param>
/// <param name="Agents">Those with a connected agent, each once.</param>
/// <param name="LeftOut">Those that a pattern or labels mean as well, but whose agents are not connected.</param>
/// <param name="Problems">Entries of the plan that mean no host that could be watched; with one, nothing should run.</param>
public sealed record ChosenHosts(bool Local, IReadOnlyList<AgentPresence> Agents, IReadOnlyList<AgentPresence> LeftOut, IReadOnlyList<PlanProblem> Problems)
{
    /// <summary>Hosts that one run can watch.</summary>
    public const int Most = 1_000;

    private const int MostShown = 10;

    /// <summary>Whether the plan names any host with an agent.</summary>
    public static bool NeedsAgents(LoadPlan plan) => plan.Hosts.Any(h => h is not HostSelector.Local);

    /// <summary>Finds out what the plan's <c>hosts:</c> means.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="file">Its file, as problems name it.</param>
    /// <param name="known">Every enrolled agent.</param>
    public static ChosenHosts Of(LoadPlan plan, string file, IReadOnlyList<AgentPresence> known)
    {
        var problems = new List<PlanProblem>();
        var chosen = new Dictionary<string, AgentPresence>();
        foreach (var (i, selector) in plan.Hosts.Index().Where(h => h.Item is not HostSelector.Local))
        {
            var meant = known.Where(a => selector.Matches(a.Name, a.Labels)).ToList();
            if (Complain(selector, meant, known) is var (message, remedy))
                problems.Add(new PlanProblem(file, selector.Line, selector.Column, $"hosts[{i}]", message, remedy));
            foreach (var agent in meant)
                chosen[agent.Name] = agent;
        }
        if (chosen.Count > Most)
            problems.Add(new PlanProblem(file, plan.Hosts[0].Line, plan.Hosts[0].Column, "hosts", $"means {chosen.Count:N0} hosts, more than {Most:N0}", "Choose fewer: those that the load goes to."));
        var byName = chosen.Values.OrderBy(a => a.Name, StringComparer.Ordinal).ToList();
        return new ChosenHosts(plan.SamplesLocal, [.. byName.Where(a => a.Connected)], [.. byName.Where(a => !a.Connected)], problems);
    }

    private static (string Message, string Remedy)? Complain(HostSelector selector, List<AgentPresence> meant, IReadOnlyList<AgentPresence> known)
    {
        if (meant.Any(a => a.Connected))
            return null;
        if (meant.Count == 0)
            return selector is HostSelector.Named { IsExact: true } ? ($"no agent is called '{selector.Text}'", WhatThereIs(known)) : ($"'{selector.Text}' fits no agent", WhatThereIs(known));
        if (selector is HostSelector.Named { IsExact: true })
            return ($"the agent on '{meant[0].Name}' is not connected ({LastHeard(meant[0])}), so its charts would be empty", "Start it (systemctl start pressure-agent) and look why it can't reach the service, or remove the host.");
        return ($"none of the {meant.Count:N0} agents that '{selector.Text}' fits is connected", $"Start them, or choose others. {WhatThereIs([.. known.Where(a => a.Connected)])}");
    }

    private static string LastHeard(AgentPresence agent) => agent.LastHeard is { } at ? $"last heard {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "never heard yet";

    private static string WhatThereIs(IReadOnlyList<AgentPresence> known)
    {
        if (known.Count == 0)
            return "There is none: install an agent on the host (the service's page Servers shows how), or remove the entry.";
        var shown = known.OrderByDescending(a => a.Connected).ThenBy(a => a.Name, StringComparer.Ordinal).Take(MostShown).Select(Describe);
        return $"There {(known.Count == 1 ? "is" : "are")} {string.Join(", ", shown)}{(known.Count > MostShown ? $" and {known.Count - MostShown:N0} more" : "")}.";
    }

    private static string Describe(AgentPresence agent)
    {
        var labels = string.Join(' ', agent.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
        return $"{agent.Name}{(labels.Length > 0 ? $" ({labels})" : "")}{(agent.Connected ? "" : " (not connected)")}";
    }
}
