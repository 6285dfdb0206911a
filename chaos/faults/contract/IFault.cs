namespace Pressure.Faults;

/// <summary>
/// A kind of fault: journal, apply, hold, undo. Stateless; what it has to remember stands in the <see cref="FaultIntent"/>, which is on disk
/// before anything is touched, so that whoever finds it can undo it.
/// </summary>
/// <remarks>A new kind is one file with this interface, one test, one line in <see cref="FaultCatalogue"/>.</remarks>
public interface IFault
{
    /// <summary>What it is and what it takes.</summary>
    FaultDescription Description { get; }

    /// <summary>
    /// Looks at the target and its arguments, changes nothing, and captures what undoing will need. What can't be undone, or would hit
    /// something else than what was chosen, is refused here.
    /// </summary>
    Task<Preparation> PrepareAsync(FaultOrder order, CancellationToken stop);

    /// <summary>
    /// Does it. The intent is on disk already; a failure half-way is followed by <see cref="UndoAsync"/>, one that says
    /// <see cref="FaultException.NothingTouched"/> is not.
    /// </summary>
    /// <exception cref="FaultException">It did not work.</exception>
    Task ApplyAsync(FaultIntent intent, CancellationToken stop);

    /// <summary>
    /// Puts back what was there before. May be called at any moment after the intent was written: before, in the middle of and after
    /// <see cref="ApplyAsync"/>, twice, by another process, after the target has gone or been replaced. Touches only what bears the
    /// intent's handle or is as this fault left it.
    /// </summary>
    /// <param name="intent">What was intended.</param>
    /// <param name="limit">The undoing's own time limit; nothing else cancels it.</param>
    Task<UndoOutcome> UndoAsync(FaultIntent intent, CancellationToken limit);

    /// <summary>Looks, from outside, whether anything of it is left; null if not. An English clause otherwise.</summary>
    Task<string?> ResidueAsync(FaultIntent intent, CancellationToken limit);
}

/// <summary>A fault could not be applied.</summary>
/// <param name="message">What was wrong and what to do, for people.</param>
/// <param name="inner">What told of it.</param>
public sealed class FaultException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>It was found before anything was touched: undoing would only lift what somebody else has done.</summary>
    public bool NothingTouched { get; init; }
}
