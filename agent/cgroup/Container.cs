namespace Pressure.Agent;

/// <summary>A running container.</summary>
internal sealed class Container(ContainerPath path)
{
    private const int ShortId = 12;

    /// <summary>Where its figures are.</summary>
    public ContainerPath Path { get; } = path;

    /// <summary>The first 12 digits of its id.</summary>
    public string Id { get; } = path.Id[..ShortId];

    /// <summary>What its engine says of it; null while that is not known.</summary>
    public ContainerLabels? Labels { get; set; }

    /// <summary>Its name; the id where nobody tells one.</summary>
    public string Name => Labels?.Name is { Length: > 0 } name ? name : Id;

    /// <summary>How many processes are known to be in it.</summary>
    public int Processes { get; set; }

    /// <summary>A process in it, by which its network is seen; 0 if none is left.</summary>
    public int Pid { get; set; }
}

/// <summary>What a container's engine says of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Service">The service it belongs to; null if it has none.</param>
/// <param name="Restarts">How often it has been started anew.</param>
internal sealed record ContainerLabels(string Name, string? Service, int? Restarts);
