using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Which group something is of, for gaps and blast radius.</summary>
internal static class GuardGroup
{
    private const string ComposeService = "com.docker.compose.service";

    /// <summary>The label's value; else its compose service, else its image, else its own name.</summary>
    public static string Of(Candidate candidate, string label) =>
        Label(candidate, label) ?? Label(candidate, ComposeService) ?? (candidate.Image.Length > 0 ? candidate.Image : candidate.Name);

    /// <summary>What tells it from others in the book. A container that was started again is the same one here.</summary>
    public static string Key(Candidate candidate) => candidate.Target switch
    {
        FaultTarget.Container container => $"{candidate.Host} container {container.Id}",
        FaultTarget.Process process => $"{candidate.Host} process {process.Pid} {process.Start}",
        FaultTarget.Pod pod => $"{candidate.Host} pod {pod.Uid}",
        _ => $"{candidate.Host} {candidate.Target.Kind} {candidate.Target.Label}",
    };

    private static string? Label(Candidate candidate, string label) => candidate.Labels.TryGetValue(label, out var value) && value.Length > 0 ? value : null;
}
