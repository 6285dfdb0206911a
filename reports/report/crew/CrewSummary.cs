namespace Pressure.Reports;

/// <summary>What became of the workers of a run.</summary>
/// <param name="Heartbeat">Seconds.</param>
/// <param name="Lease">Seconds.</param>
/// <param name="Tolerance">Share (0 to 1) of the asked requests that might go unsent because workers were lost.</param>
/// <param name="Unsent">Requests of the measured time that nobody made since their worker was lost.</param>
/// <param name="UnsentShare">The same as a share of what was asked.</param>
/// <param name="Notice">What a reader should know of it, in English; null when nothing was lost.</param>
public sealed record CrewSummary(double Heartbeat, double Lease, double Tolerance, long Unsent, double UnsentShare, string? Notice);

/// <summary>One worker, over the measured time.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its region; empty without one.</param>
/// <param name="Share">The part (0 to 1) of the load that it began with; 0 for one that took a share over only.</param>
/// <param name="Sent">Requests that it sent.</param>
/// <param name="Asked">Requests that fell due in its shares while it had them.</param>
/// <param name="NotSent">Of those, requests not sent.</param>
/// <param name="Cpu">Mean cores busy.</param>
/// <param name="LateP99">99th percentile of how late its sends were, milliseconds.</param>
/// <param name="Saturated">Whether it could not keep up, so that the run's figures say little about the target.</param>
/// <param name="Lost">Whether it was given up, for good or for a while.</param>
/// <param name="ClockOffset">Its clock minus the coordinator's before the start, milliseconds.</param>
/// <param name="ClockUncertainty">How far that may be wrong, either way, milliseconds.</param>
public sealed record WorkerSummary(
    string Name, string Region, double Share, long Sent, long Asked, long NotSent, double Cpu, double LateP99, bool Saturated, bool Lost, double ClockOffset, double ClockUncertainty)
{
    /// <summary>The shares that it ever had, from 0.</summary>
    public IReadOnlyList<int> Shares { get; init; } = [];

    /// <summary>Of those not sent, requests that nobody made since it was lost.</summary>
    public long Unsent { get; init; }

    /// <summary>Why it could not keep up, as an English clause; null when it could.</summary>
    public string? Why { get; init; }

    /// <summary>When it was given up the first time, seconds since the start; null if never.</summary>
    public double? LostAt { get; init; }

    /// <summary>When it was heard again; null if it was not.</summary>
    public double? HeardAt { get; init; }

    /// <summary>Requests per second that it had measured itself to be capable of; 0 if it had not.</summary>
    public double Capacity { get; init; }
}
