namespace Pressure.LoadGen;

/// <summary>
/// What a share is expected to ask for: a pure function of the workload and of how it was steered, so that somebody else can count what a worker that was lost did not send.
/// </summary>
/// <remarks>
/// Iterations are found by their intended starts, over the window alone. Of a load that nobody can foretell (users ask as often as the target lets them, a replay what was captured)
/// nothing is expected.
/// </remarks>
public sealed class ShareExpectation
{
    private readonly Workload _workload;
    private readonly WorkShare _share;
    private readonly Steering? _steering;

    /// <summary>Of a share.</summary>
    /// <param name="workload">The workload, whole.</param>
    /// <param name="share">Which part of it.</param>
    /// <param name="steering">The changes so far, those to come included when they are made; null for a load that is not steered.</param>
    public ShareExpectation(Workload workload, WorkShare share, Steering? steering = null) => (_workload, _share, _steering) = (workload, share, steering);

    /// <summary>Whether anything can be expected at all.</summary>
    public bool IsKnown => _workload.Users is null && _workload.Plan.Load is not Load.Replay;

    /// <summary>What the share asks for in a window [<paramref name="from"/>, <paramref name="until"/>), its own beginning and the load's end considered.</summary>
    public ExpectedStarts In(TimeSpan from, TimeSpan until)
    {
        var iterations = new long[_workload.Plan.Scenarios.Count];
        var steered = _steering?.Current;
        from = from > _share.From ? from : _share.From;
        for (var i = 0; i < _workload.Streams.Count && until > from; i++)
        {
            var stream = _workload.Streams[i];
            Schedule starts = steered is null ? stream.Starts : steered.Starts[i];
            Count(stream.Scenario, starts.CountBefore(from), starts.CountBefore(until), iterations);
        }

        return new(_workload.Plan, iterations);
    }

    private void Count(int? scenario, long first, long end, long[] iterations)
    {
        var (low, high) = (_share.CountBefore(first), _share.CountBefore(end));
        if (scenario is { } own)
        {
            iterations[own] += high - low;
        }
        else if (iterations.Length == 1)
        {
            iterations[0] += high - low;
        }
        else
        {
            for (var k = low; k < high; k++)
                iterations[_workload.Mix[_share.NumberOf(k)]]++;
        }
    }
}

/// <summary>Iterations that a schedule asks for, by scenario in the order of the plan.</summary>
public sealed class ExpectedStarts
{
    private readonly LoadPlan _plan;

    internal ExpectedStarts(LoadPlan plan, IReadOnlyList<long> iterations) => (_plan, Iterations) = (plan, iterations);

    /// <summary>Iterations of each scenario.</summary>
    public IReadOnlyList<long> Iterations { get; }

    /// <summary>All that these iterations ask for, for each of the plan's requests.</summary>
    public IReadOnlyList<long> Requests => [.. _plan.Scenarios.SelectMany((s, i) => s.Steps.OfType<Step.Request>().Select(_ => Iterations[i]))];

    /// <summary>What falls due when these iterations begin (none of a scenario that begins with a pause), for each of the plan's requests.</summary>
    public IReadOnlyList<long> FirstRequests =>
        [.. _plan.Scenarios.SelectMany((s, i) => s.Steps.OfType<Step.Request>().Select((request, at) => at == 0 && ReferenceEquals(request, s.Steps[0]) ? Iterations[i] : 0))];
}
