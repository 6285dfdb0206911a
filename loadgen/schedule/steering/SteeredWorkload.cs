namespace Pressure.LoadGen;

/// <summary>What lanes follow once a load is steered. Immutable; swapped whole with each change.</summary>
/// <param name="Starts">In the order of <see cref="Workload.Streams"/>.</param>
/// <param name="Users">Of a closed load; null for others.</param>
/// <param name="End">Where the load ends.</param>
internal sealed record SteeredWorkload(IReadOnlyList<SteeredSchedule> Starts, SteeredUsers? Users, TimeSpan End)
{
    /// <summary>As planned.</summary>
    public static SteeredWorkload Of(Workload workload) =>
        new([.. workload.Streams.Select(SteeredSchedule.Of)], workload.Users is { } users ? SteeredUsers.Of(users) : null, workload.Duration);

    /// <summary>Steered otherwise from a time on.</summary>
    public SteeredWorkload Then(Workload workload, SteeringState state, TimeSpan at)
    {
        if (state.FinishedAt is not null)
            return new([.. Starts.Select(s => s.Until(at))], Users?.Until(at), at);
        int? users = state switch
        {
            { IsPaused: true } => 0,
            { Level: SteeringChange.ToUsers level } => level.Users,
            _ => null,
        };
        // Users ask for no rate: their one stream stays the empty one that it is.
        return Users is not null
            ? this with { Users = Users.Then(at, users) }
            : this with { Starts = [.. Starts.Zip(workload.Streams, (s, stream) => s.Then(at, SteeredLines.Of(stream.Order, state, at)))] };
    }
}
