using System.Text.Json.Nodes;
using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Asks the container engine how a container is.</summary>
internal sealed class ContainerProbe(string container, string socket, TimeSpan timeout) : IProbe
{
    /// <summary>Makes one; what is wrong is noted.</summary>
    public static ContainerProbe Create(ProbeArguments arguments, string socket) => new(arguments.Text("container"), socket, arguments.Duration("timeout"));

    /// <inheritdoc/>
    public async Task<ProbeValue> AskAsync(CancellationToken stop)
    {
        try
        {
            using var docker = new DockerApi(socket, timeout);
            return new ProbeValue(StateOf(await docker.InspectAsync(container, stop)));
        }
        catch (DockerException e)
        {
            return new ProbeValue(null, e.Message);
        }
    }

    /// <summary>A container that does not run is not healthy, whatever its last check said.</summary>
    internal static string StateOf(JsonObject? seen) =>
        seen?["State"] is not JsonObject state ? "missing"
        : (string?)state["Status"] is var status && status == "running" && (string?)state["Health"]?["Status"] is { Length: > 0 } and not "none" and var health ? health
        : status ?? "unknown";
}
