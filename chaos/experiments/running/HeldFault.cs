using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>A fault of an experiment that is in force.</summary>
/// <param name="Handle">Its ownership handle.</param>
/// <param name="Kind">Kind of fault.</param>
/// <param name="Candidate">What is struck.</param>
/// <param name="Executor">Who holds it.</param>
/// <param name="AppliedAt">Since when, on the run clock.</param>
internal sealed record HeldFault(string Handle, string Kind, Candidate Candidate, IFaultExecutor Executor, TimeSpan AppliedAt)
{
    private readonly TaskCompletionSource<FaultEnd?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has ended, whoever ended it, and the timeline was told; null if nobody can say how.</summary>
    public Task<FaultEnd?> Ended => _ended.Task;

    /// <summary>It has ended; null if nobody can say how. Only the first word counts.</summary>
    public void End(FaultEnd? end) => _ended.TrySetResult(end);
}
