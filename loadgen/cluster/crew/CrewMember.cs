namespace Pressure.Cluster;

/// <summary>A worker of a run as its coordinator knows it. Not thread-safe.</summary>
internal sealed class CrewMember(WorkerCard card)
{
    public WorkerCard Card => card;

    public string Name => card.Name;

    /// <summary>What it said when it was ready; null until then.</summary>
    public ShareReady? Ready { get; set; }

    /// <summary>When it was heard last, on the run's clock.</summary>
    public TimeSpan Heard { get; set; }

    /// <summary>Number of its last beat.</summary>
    public long Beat { get; set; }

    /// <summary>Whether it was given up.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether it said that it can't make a share: it gets no other.</summary>
    public bool HasRefused { get; set; }
}
