namespace Pressure.TestKit;

/// <summary>A container to be started.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Command">Program and arguments.</param>
public sealed record ContainerOrder(string Name, params IReadOnlyList<string> Command)
{
    /// <summary>Its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders of the machine that it sees besides the programs: <c>/here:/there:ro</c>.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Where its program starts.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Cores that it may use; 0 for all.</summary>
    public double Cpus { get; init; }

    /// <summary>Bytes of memory that it may use; 0 for all.</summary>
    public long MemoryBytes { get; init; }

    /// <summary><c>bridge</c> for a network of its own, <c>host</c> for the machine's, <c>none</c>.</summary>
    public string Network { get; init; } = "bridge";

    /// <summary>Its names on a network that somebody made (<see cref="DockerEngine.CreateNetworkAsync"/>), besides its own.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The address that it asks for on such a network; null for any.</summary>
    public string? Address { get; init; }

    /// <summary>Whether the engine starts it anew when it ends.</summary>
    public bool Restarts { get; init; }

    /// <summary>The engine's word for how it is started anew: <c>no</c>, <c>always</c>, <c>unless-stopped</c>, <c>on-failure</c>.</summary>
    public string RestartPolicy { get => field ?? (Restarts ? "always" : "no"); init; }

    /// <summary>Whether the engine removes it when it ends.</summary>
    public bool RemovedAtEnd { get; init; }

    /// <summary>Places of volumes that nobody named.</summary>
    public IReadOnlyList<string> AnonymousVolumes { get; init; } = [];
}
