namespace Pressure.Agent;

/// <summary>A running container.</summary>
internal sealed class Container(ContainerPath path)
{
    private const int ShortId = 12;

    private volatile ContainerLabels? _labels;
    private volatile bool _asked;

    /// <summary>Its whole id.</summary>
    public string WholeId { get; } = path.Id;

    /// <summary>The first 12 digits of its id.</summary>
    public string Id { get; } = path.Id[..ShortId];

    /// <summary>Where its figures are.</summary>
    public ICgroup Cgroup { get; } = path.Unified ? new CgroupV2(path.Usage) : new CgroupV1(path);

    /// <summary>Whether its engine was asked for its name, whatever came of it; until then it is in no sample, so that it does not change its name.</summary>
    public bool IsAsked => _asked;

    /// <summary>When its engine was asked last; null if never.</summary>
    public long? AskedAt { get; set; }

    /// <summary>What its engine says of it; null if nobody says anything.</summary>
    public ContainerLabels? Labels => _labels;

    /// <summary>Its name; the id where nobody tells one.</summary>
    public string Name => _labels?.Name is { Length: > 0 } name ? name : Id;

    /// <summary>The processes known to be in it.</summary>
    public List<int> Processes { get; } = [];

    /// <summary>The reading to compare the next one with.</summary>
    public ContainerReading? Before { get; set; }

    /// <summary>The process of it that was seen to have a network that is not the host's; 0 if none was.</summary>
    public int NetworkPid { get; set; }

    /// <summary>What its engine said. From any thread.</summary>
    public void Answer(ContainerLabels? labels)
    {
        if (labels is not null)
            _labels = labels;
        _asked = true;
    }
}

/// <summary>A container's counters at a moment.</summary>
internal sealed record ContainerReading(long At, CgroupCpu Cpu, Interfaces? Network);

/// <summary>What a container's engine says of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Service">The service it belongs to; null if it has none.</param>
/// <param name="Restarts">How often it has been started anew.</param>
internal sealed record ContainerLabels(string Name, string? Service, int? Restarts);
