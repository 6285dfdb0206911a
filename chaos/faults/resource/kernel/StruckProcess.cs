using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Finds the process that a target is, or that its container was started with.</summary>
internal static class StruckProcess
{
    /// <summary>The process, or why there is none to strike.</summary>
    public static async Task<(HostProcess? Process, Preparation.Refused? Refusal)> FindAsync(FaultTarget target, FaultTools tools, CancellationToken stop) => target switch
    {
        FaultTarget.Process process when HostProcesses.Of(process.Pid, process.Start) is { } found => (found, null),
        FaultTarget.Process process => (null, new($"{process.Label} has ended.", "Choose a process that runs; ids are used again, so a later one with the same id is not meant.")),
        FaultTarget.Container container => await InContainerAsync(container, tools, stop),
        _ => (null, new($"{target.Label} is neither a process nor a container.", "Choose another fault.")),
    };

    /// <summary>What an intent keeps of it.</summary>
    public static JsonObject Keep(HostProcess process) => new() { ["pid"] = process.Pid, ["start"] = process.Start };

    /// <summary>What an intent has kept; null if it has kept none.</summary>
    public static (int Pid, long Start)? Kept(JsonNode? prior) =>
        prior is JsonObject kept && kept["pid"] is { } pid && kept["start"] is { } start ? ((int)pid, (long)start) : null;

    /// <summary>The first process of a container, whichever instance of it runs now; null if none does, or nobody can be asked.</summary>
    public static async Task<int?> PidAsync(string container, FaultTools tools, CancellationToken stop)
    {
        try
        {
            using var docker = new DockerApi(tools.DockerSocket);
            return (await docker.InspectAsync(container, stop))?["State"]?["Pid"]?.GetValue<int>() is > 0 and var pid ? pid : null;
        }
        catch (DockerException)
        {
            return null;
        }
    }

    private static async Task<(HostProcess? Process, Preparation.Refused? Refusal)> InContainerAsync(FaultTarget.Container container, FaultTools tools, CancellationToken stop)
    {
        try
        {
            using var docker = new DockerApi(tools.DockerSocket);
            if (await docker.InspectAsync(container.Id, stop) is not { } seen || seen["State"] is not JsonObject state)
                return (null, new($"The container {container.Name} is gone.", "Choose targets anew."));
            if (state["Running"]?.GetValue<bool>() != true)
                return (null, new($"The container {container.Name} does not run.", "Start it first."));
            if (state["StartedAt"]?.GetValue<string>() != container.StartedAt)
                return (null, new($"The container {container.Name} was started anew since it was chosen.", "Choose targets anew."));
            return HostProcesses.Of(state["Pid"]!.GetValue<int>()) is { } process
                ? (process, null)
                : (null, new($"The first process of {container.Name} is not to be seen from here.", "Run where the container engine runs, in the machine's own process namespace."));
        }
        catch (DockerException e)
        {
            return (null, new(e.Message, "Let the container engine be reachable."));
        }
    }
}
