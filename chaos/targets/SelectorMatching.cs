using System.Globalization;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Whether a selector means something, before anybody asks whether it may be struck.</summary>
internal static class SelectorMatching
{
    private const string Project = "com.docker.compose.project";

    /// <summary>Whether it says anything at all besides kind and mode. Hosts are a condition only where hosts are what is struck.</summary>
    public static bool HasCondition(TargetSelector selector) => selector.Kind switch
    {
        TargetKind.Route => selector.Route is not null,
        TargetKind.Host => selector.Hosts.Count > 0 || selector.Names.Count > 0 || selector.Labels.Count > 0,
        _ => selector.Names.Count > 0 || selector.Labels.Count > 0 || selector.Image is not null || selector.Project is not null || selector.Namespace is not null,
    };

    /// <summary>Whether all of its conditions hold.</summary>
    public static bool IsMeant(TargetSelector selector, Candidate candidate) =>
        candidate.Target.Kind == selector.Kind
        && IsOnHost(selector, candidate)
        && (selector.Kind == TargetKind.Host || selector.Names.Count == 0 || selector.Names.Any(n => IsCalled(selector, candidate, n)))
        && selector.Labels.All(l => candidate.Labels.TryGetValue(l.Key, out var value) && (l.Value.Length == 0 || value == l.Value))
        && (selector.Image is null || NamePattern.Matches(selector.Image, candidate.Image))
        && (selector.Project is null || (candidate.Labels.TryGetValue(Project, out var project) && project == selector.Project))
        && (selector.Namespace is null || (candidate.Target is FaultTarget.Pod pod && pod.Namespace == selector.Namespace))
        && (selector.Kind != TargetKind.Route || Equals(candidate.Target, selector.Route));

    /// <summary>Whether a name or pattern of the selector is this one's: its name, for a pod also with its namespace, for a process also its id, for a host also what its agent is called.</summary>
    public static bool IsCalled(TargetSelector selector, Candidate candidate, string name) => candidate.Target switch
    {
        FaultTarget.Pod pod => NamePattern.Matches(name, candidate.Name) || NamePattern.Matches(name, $"{pod.Namespace}/{pod.Name}"),
        FaultTarget.Process process => NamePattern.Matches(name, candidate.Name) || name == process.Pid.ToString(CultureInfo.InvariantCulture),
        FaultTarget.Host => selector.Kind == TargetKind.Host && (NamePattern.Matches(name, candidate.Name) || NamePattern.Matches(name, candidate.Host)),
        _ => NamePattern.Matches(name, candidate.Name),
    };

    /// <summary>What it names without <c>*</c>.</summary>
    public static IEnumerable<string> Named(TargetSelector selector) =>
        (selector.Kind == TargetKind.Host ? selector.Hosts.Concat(selector.Names) : selector.Names).Where(NamePattern.IsExact).Distinct();

    private static bool IsOnHost(TargetSelector selector, Candidate candidate) => selector.Kind switch
    {
        TargetKind.Host => selector.Hosts.Count + selector.Names.Count == 0 || selector.Hosts.Concat(selector.Names).Any(n => IsCalled(selector, candidate, n)),
        _ when selector.Hosts.Count == 0 => candidate.Host == "local",
        _ => NamePattern.MatchesAny(selector.Hosts, candidate.Host),
    };
}
