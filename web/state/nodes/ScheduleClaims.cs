using Pressure.Chaos;

namespace Pressure.Web.State;

/// <summary>Moments of schedules, claimed in the database. A node whose lease is over begins none.</summary>
internal sealed class ScheduleClaims(SharedState state) : IDueMoments
{
    private const string Prefix = "schedule ";

    /// <summary>The schedule that a claim is of; null if it is of something else.</summary>
    public static string? ScheduleOf(string claim) => claim.StartsWith(Prefix, StringComparison.Ordinal) ? claim[Prefix.Length..] : null;

    public async Task<DueAnswer> AskAsync(string schedule, DateTimeOffset at, CancellationToken stop)
    {
        if (!state.Nodes.HoldsLease)
            throw new DatabaseAwayException("This node has not been able to renew its lease, so others may count it as gone.");
        return await state.Claims.TryAsync(Prefix + schedule, at, stop) switch
        {
            ClaimAnswer.Mine => DueAnswer.Begin,
            ClaimAnswer.StillRunning => DueAnswer.StillRunning,
            _ => DueAnswer.Elsewhere,
        };
    }

    public Task BegunAsync(string schedule, DateTimeOffset at, string run) => state.Claims.BegunAsync(Prefix + schedule, at, run);

    public Task OverAsync(string schedule, DateTimeOffset at) => state.Claims.DoneAsync(Prefix + schedule, at);
}
