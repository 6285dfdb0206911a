using Pressure.Record;
using Pressure.Reports;

namespace Pressure.Cluster;

/// <summary>What a follower of a live run gets. A closed set.</summary>
public abstract record LiveUpdate
{
    private LiveUpdate()
    {
    }

    /// <summary>A closed second.</summary>
    public sealed record Second(TimelinePoint Point) : LiveUpdate;

    /// <summary>An event.</summary>
    public sealed record Event(TimelineEvent What) : LiveUpdate;

    /// <summary>Load has ended; reports are being written.</summary>
    public sealed record Reporting : LiveUpdate;

    /// <summary>All is done.</summary>
    public sealed record Finished(RunSummary Summary) : LiveUpdate;
}
