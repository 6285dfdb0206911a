namespace Pressure.LoadGen.Engine;

/// <summary>An iteration that is to begin.</summary>
/// <param name="Script">What it runs.</param>
/// <param name="Number">A number that no other iteration of the run has; it chooses rows of data.</param>
/// <param name="Due">When it is to begin: by the schedule, or when its user became free.</param>
/// <param name="AlreadyAsked">Its first request was counted as asked when its second closed.</param>
/// <param name="User">The user whose iteration it is; null when a schedule asked for it.</param>
internal readonly record struct Start(ScenarioScript Script, long Number, TimeSpan Due, bool AlreadyAsked, RunningUser? User)
{
    /// <summary>
    /// Whether the schedule asked for it, so that it counts even if it can't be made. What a user has not begun, nobody asked for; nor a replay that is as fast as
    /// possible.
    /// </summary>
    public bool IsOwed { get; init; } = User is null;

    /// <summary>The client whose turn it is in a replay; null otherwise.</summary>
    public ReplayClient? Client { get; init; }
}
