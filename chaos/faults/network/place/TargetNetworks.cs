using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Finds the network that a target's packets pass.</summary>
internal sealed class TargetNetworks(FaultTools tools)
{
    /// <summary>What a search found. A closed set.</summary>
    internal abstract record Found
    {
        private Found()
        {
        }

        /// <summary>It is there, and open.</summary>
        internal sealed record There(NetworkPlace Place) : Found;

        /// <summary>It is not, or it is not the target's alone.</summary>
        internal sealed record Not(string Why, string Remedy) : Found;
    }

    /// <summary>Looks for it.</summary>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    /// <exception cref="FaultException">It is denied.</exception>
    public async Task<Found> FindAsync(FaultTarget target, CancellationToken stop) => target switch
    {
        FaultTarget.Container container => await OfContainerAsync(container, stop),
        FaultTarget.Process process => OfProcess(process),
        FaultTarget.Host => new Found.There(NetworkPlace.OfThisProcess()),
        _ => new Found.Not($"Network faults do not strike {target.Label}: it is no container, process or host.", "Choose a container."),
    };

    private async Task<Found> OfContainerAsync(FaultTarget.Container container, CancellationToken stop)
    {
        using var docker = new DockerApi(tools.DockerSocket);
        if (await docker.InspectAsync(container.Id, stop) is not { } there)
            return new Found.Not($"The container {container.Name} is gone.", "Choose one that is there.");
        if (there["State"]?["StartedAt"]?.GetValue<string>() != container.StartedAt)
            return new Found.Not($"The container {container.Name} was started anew since it was chosen.", "Choose it again.");
        if (there["State"]?["Running"]?.GetValue<bool>() != true || there["State"]?["Pid"]?.GetValue<int>() is not (> 0 and var pid))
            return new Found.Not($"The container {container.Name} does not run.", "Start it.");
        var mode = there["HostConfig"]?["NetworkMode"]?.GetValue<string>() ?? "";
        if (mode.StartsWith("container:", StringComparison.Ordinal))
            return new Found.Not($"The container {container.Name} shares the network of another one, which would be struck too.", $"Choose the one that it shares it with ({mode}).");
        return Own(pid, $"container {container.Name}");
    }

    private static Found OfProcess(FaultTarget.Process process) =>
        SystemProcess.Of(process.Pid)?.Start == process.Start ? Own(process.Pid, $"process {process.Label}") : new Found.Not($"The process {process.Label} is gone.", "Choose one that is there.");

    /// <summary>The host's own network is only struck by those who name the host.</summary>
    private static Found Own(int pid, string what)
    {
        if (NetworkPlace.OfProcess(pid) is not { } place)
            return new Found.Not($"The {what} ended just now.", "Choose one that is there.");
        if (place.Identity != NetworkPlace.Own)
            return new Found.There(place);
        place.Dispose();
        return new Found.Not($"The {what} uses the host's own network: the whole host would be struck.", "Choose the host, with the addresses or ports that are meant.");
    }

    /// <summary>What undoing needs to find it again.</summary>
    public static JsonObject Remember(NetworkPlace place) => new() { ["network"] = place.Identity, ["process"] = place.Process };

    /// <summary>Finds it again; null if it has gone, with everything in it.</summary>
    public static NetworkPlace? Again(JsonObject prior) =>
        prior["network"]?.GetValue<string>() is { } identity ? NetworkPlace.Find(identity, prior["process"]?.GetValue<int>()) : null;
}
