namespace Pressure.Cluster;

/// <summary>A worker of a run as its coordinator knows it. Not thread-safe.</summary>
internal sealed class CrewMember(WorkerCard card)
{
    public WorkerCard Card => card;

    public string Name => card.Name;

    /// <summary>What it said when it was ready before the start; null for one that came later.</summary>
    public ShareReady? Ready { get; set; }

    /// <summary>Whether it has all that it takes to begin.</summary>
    public bool IsReady { get; set; }

    /// <summary>How far its clock may be wrong, as it said last.</summary>
    public TimeSpan ClockUncertainty { get; set; }

    /// <summary>When it was heard last, on the run's clock.</summary>
    public TimeSpan Heard { get; set; }

    /// <summary>Number of its last beat; 0 before the first.</summary>
    public long Beat { get; set; }

    /// <summary>Whether it was given up.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether it said that it can't make a share: it gets no other.</summary>
    public bool HasRefused { get; set; }
}
