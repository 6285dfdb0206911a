namespace Pressure.Web.State;

/// <summary>Goes on with runs whose node has died, where that can be: a run over workers, whose load goes on without its coordinator.</summary>
public interface IRunSuccessor
{
    /// <summary>Takes a run up, given all that its node had told of it; false if nothing of it can go on, and it is to be closed as interrupted.</summary>
    /// <param name="folder">The run folder, which is this node's own from now on.</param>
    /// <param name="stop">The end of the service.</param>
    Task<bool> TryResumeAsync(string folder, CancellationToken stop);
}
