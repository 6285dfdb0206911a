namespace Pressure.Cluster;

/// <summary>How a run goes on. Times in seconds since its start, rates per second, milliseconds.</summary>
/// <param name="Id">Run id.</param>
/// <param name="Name">The plan's name.</param>
/// <param name="Folder">Run folder.</param>
/// <param name="Target">Base URL.</param>
/// <param name="Phase">What it is at.</param>
/// <param name="At">How far it is.</param>
/// <param name="Duration">How long load lasts.</param>
/// <param name="Load"><c>plan</c>, or how it was changed: <c>500/s</c>, <c>150%</c>, <c>50 users</c>; a pause keeps it.</param>
/// <param name="AskedRate">Requests per second asked for now; null for users, who ask for none.</param>
/// <param name="Users">Users wished for now; null for a rate.</param>
/// <param name="Sent">Requests sent in the last second.</param>
/// <param name="Failed">Requests that failed in it.</param>
/// <param name="P95">95 % of its responses took at most this; null when there was none.</param>
public sealed record RunStatus(
    string Id, string Name, string Folder, string Target, RunPhase Phase, double At, double Duration, string Load,
    double? AskedRate, int? Users, long Sent, long Failed, double? P95);

/// <summary>What a run is at.</summary>
public enum RunPhase
{
    /// <summary>Load is due to go on.</summary>
    Running,

    /// <summary>Nothing starts until somebody resumes.</summary>
    Paused,

    /// <summary>The load was stopped; what is under way ends.</summary>
    Stopping,

    /// <summary>The load is over, reports are being written.</summary>
    Reporting,
}
