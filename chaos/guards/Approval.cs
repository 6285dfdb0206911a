namespace Pressure.Chaos;

/// <summary>Somebody's request that something risky may be done, and what a second person said.</summary>
/// <param name="Id">What it is called by.</param>
/// <param name="Experiment">The experiment's title.</param>
/// <param name="Hash">The hash of its document; empty if it is by title alone.</param>
/// <param name="AskedBy">Who asks.</param>
/// <param name="AskedAt">When.</param>
/// <param name="Note">Why, in their words; empty if they said nothing.</param>
/// <param name="State">What was said.</param>
/// <param name="DecidedBy">Who said it; null while nobody did.</param>
/// <param name="DecidedAt">When; null while nobody did.</param>
/// <param name="ExpiresAt">Until when it holds, or is waited for.</param>
/// <param name="Uses">For how many runs.</param>
/// <param name="Used">How many there were.</param>
public sealed record Approval(
    string Id, string Experiment, string Hash, string AskedBy, DateTimeOffset AskedAt, string Note, ApprovalState State, string? DecidedBy, DateTimeOffset? DecidedAt, DateTimeOffset ExpiresAt, int Uses, int Used);

/// <summary>What was said to a request.</summary>
public enum ApprovalState
{
    /// <summary>Nothing yet.</summary>
    Waiting,

    /// <summary>It may be done.</summary>
    Approved,

    /// <summary>It may not.</summary>
    Rejected,

    /// <summary>Its time is over, or nobody said anything in time.</summary>
    Expired,

    /// <summary>It was done as often as it may be.</summary>
    UsedUp,
}
