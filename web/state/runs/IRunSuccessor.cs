namespace Pressure.Web.State;

/// <summary>Goes on with runs and drills whose node has died, where something can: a run over workers, whose load goes on without its coordinator; a drill, whose end is told.</summary>
public interface IRunSuccessor
{
    /// <summary>Takes a run up, given all that its node had told of it; false if nothing of it can go on, and it is to be closed as interrupted.</summary>
    /// <param name="run">The run, whose folder is this node's own from now on.</param>
    /// <param name="stop">The end of the service.</param>
    Task<bool> TryResumeAsync(TakenRun run, CancellationToken stop);
}

/// <summary>A run that was taken over.</summary>
/// <param name="Folder">Its run folder.</param>
/// <param name="From">The node that had it.</param>
/// <param name="HasEnded">Whether that node's process is known to be gone; else it may only be cut off.</param>
public sealed record TakenRun(string Folder, string From, bool HasEnded);
