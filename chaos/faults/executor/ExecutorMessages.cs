namespace Pressure.Faults;

/// <summary>What a controller tells an executor, a line of JSON each. The end of the lines is the loss of the controller.</summary>
/// <param name="Do"><c>beat</c>, <c>start</c>, <c>end</c>, <c>endAll</c>, <c>bye</c>.</param>
/// <param name="Id">Comes back in the answer.</param>
/// <param name="Handle">The fault that is meant.</param>
/// <param name="Order">What is to be started.</param>
public sealed record ExecutorRequest(string Do, long Id = 0, string? Handle = null, FaultOrder? Order = null);

/// <summary>What an executor tells its controller, a line of JSON each.</summary>
public sealed record ExecutorAnswer
{
    /// <summary>The request that it answers; 0 for what was not asked for.</summary>
    public long Id { get; init; }

    /// <summary>The executor's id: it is ready.</summary>
    public string? Ready { get; init; }

    /// <summary>How a start went.</summary>
    public FaultStart? Start { get; init; }

    /// <summary>How a fault ended.</summary>
    public FaultEnd? End { get; init; }

    /// <summary>How all faults ended.</summary>
    public IReadOnlyList<FaultEnd>? Ends { get; init; }
}
