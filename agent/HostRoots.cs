namespace Pressure.Agent;

/// <summary>Where a host tells about itself.</summary>
/// <param name="Proc">Mount of the proc file system.</param>
/// <param name="Cgroup">Mount of the control groups' file system.</param>
/// <param name="Engines">Unix sockets of container engines that speak Docker's API; those that are not there, or may not be used, are passed over.</param>
public sealed record HostRoots(string Proc, string Cgroup, IReadOnlyList<string> Engines)
{
    /// <summary>Where Linux distributions, Docker and Podman have them, and an engine whose socket <c>DOCKER_HOST</c> names, as Docker's own programs take it.</summary>
    public static HostRoots Default { get; } = new("/proc", "/sys/fs/cgroup", [.. NamedEngine(), "/var/run/docker.sock", "/run/podman/podman.sock"]);

    private static string[] NamedEngine() =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { } name && name.StartsWith("unix://", StringComparison.Ordinal) ? [name["unix://".Length..]] : [];
}
