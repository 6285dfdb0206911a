namespace Pressure.Faults;

/// <summary>What faults reach the system through: the edge, put together in one place.</summary>
/// <param name="Time">The clock.</param>
/// <param name="DockerSocket">Path of the container engine's socket.</param>
/// <param name="Folder">The state folder, for files that faults need besides their intents.</param>
public sealed record FaultTools(TimeProvider Time, string DockerSocket, string Folder)
{
    /// <summary>The engine's usual socket, or what <c>DOCKER_HOST</c> names.</summary>
    public static string UsualSocket =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is ['u', 'n', 'i', 'x', ':', '/', '/', .. var path] ? path : "/var/run/docker.sock";
}
