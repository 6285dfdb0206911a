using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>Which workers are to make a run.</summary>
/// <param name="Bus">The way to them.</param>
/// <param name="Run">What they are to make.</param>
/// <param name="Wish">How many, and where.</param>
public sealed record CrewRequest(IBus Bus, RunRequest Run, WorkersWish Wish)
{
    /// <summary>The folder from which the files count that the plan names; null when it names none.</summary>
    public string? PlanFolder { get; init; }

    /// <summary>The plan as workers get it, if that is another than the run folder keeps; null for the same.</summary>
    public OfferedPlan? Offered { get; init; }

    /// <summary>Hosts that may be pressed, as the run's guard has them.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>How long to look for workers.</summary>
    public TimeSpan Gathering { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long they may take to get ready, beyond the time in which they fetch files.</summary>
    public TimeSpan Readiness { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>How the search for workers stands.</summary>
/// <param name="Wanted">Workers that are wanted.</param>
/// <param name="Found">Free ones that were seen.</param>
/// <param name="Ready">Those that are ready to begin.</param>
/// <param name="Waiting">Names of those that were chosen and are not ready yet.</param>
public sealed record RecruitingProgress(int Wanted, int Found, int Ready, IReadOnlyList<string> Waiting);

/// <summary>Workers, or why there are none.</summary>
/// <param name="Crew">The workers, all of them ready; disposed of by the run that they make, or by whoever starts none.</param>
/// <param name="Problems">What stands in the way; empty when there is a crew.</param>
/// <param name="Notices">What is worth to be known though it stands in nobody's way.</param>
public sealed record Recruiting(Crew? Crew, IReadOnlyList<CrewProblem> Problems, IReadOnlyList<string> Notices);
