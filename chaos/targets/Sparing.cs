using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>What must not be struck although a selector means it.</summary>
internal static class Sparing
{
    /// <summary>Why it must not be struck, an English clause; null if it may be.</summary>
    public static string? Why(Candidate candidate, TargetSelector selector, Protection protection) =>
        !candidate.Running ? "does not run" : Protected(candidate, protection) ?? NotOptedIn(candidate, selector, protection);

    private static string? Protected(Candidate candidate, Protection protection)
    {
        if (NamePattern.MatchesAny(protection.Names, candidate.Name) || (candidate.Target is FaultTarget.Pod pod && NamePattern.MatchesAny(protection.Names, $"{pod.Namespace}/{pod.Name}")))
            return "is on the protected list";
        // Ids of processes and containers are those of this host; elsewhere the same number is another process.
        var here = candidate.Host == "local";
        return candidate.Target switch
        {
            FaultTarget.Process { Pid: 1 } => "is the first process of its host",
            FaultTarget.Process process when here && protection.Pids.Contains(process.Pid) => "belongs to what strikes, or carries it",
            FaultTarget.Process process when NamePattern.MatchesAny(protection.Commands, process.Name) => "carries its host, or belongs to what strikes",
            FaultTarget.Container container when here && protection.Containers.Contains(container.Id) => "carries what strikes",
            FaultTarget.Container when here && candidate.Pid > 0 && protection.Pids.Contains(candidate.Pid) => "carries what strikes",
            _ => null,
        };
    }

    private static string? NotOptedIn(Candidate candidate, TargetSelector selector, Protection protection)
    {
        if (protection.OptInLabel is not var (label, value))
            return null;
        return candidate.Target switch
        {
            FaultTarget.Route => null,
            FaultTarget.Container or FaultTarget.Pod => candidate.Labels.TryGetValue(label, out var found) && found == value ? null : $"does not bear the label {label}={value}",
            _ when protection.Allowed is { } allowed => NamePattern.MatchesAny(allowed, candidate.Name) || NamePattern.MatchesAny(allowed, candidate.Host) && candidate.Target is FaultTarget.Host ? null : "is not in the guards' allow-list",
            _ => SelectorMatching.Named(selector).Any(n => SelectorMatching.IsCalled(selector, candidate, n)) ? null : "has no label to opt in with and is not named without *",
        };
    }
}
