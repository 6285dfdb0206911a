namespace Pressure.Chaos;

/// <summary>What an experiment would strike if it ran now. Nothing is struck, and nothing is counted.</summary>
/// <param name="Faults">Each fault, in order.</param>
/// <param name="Halted">Why nothing may be struck at all; null if it may.</param>
public sealed record ExperimentPlan(IReadOnlyList<PlannedFault> Faults, string? Halted)
{
    /// <summary>Whether everything that it wants to strike can be chosen now.</summary>
    public bool IsWhole => !IsRefused && Faults.All(f => f.Problem is null);

    /// <summary>Whether a guard would say no.</summary>
    public bool IsRefused => Halted is not null || Faults.Any(f => f.Refusals.Count > 0);

    /// <summary>Looks.</summary>
    /// <param name="experiment">A checked experiment.</param>
    /// <param name="world">What it reaches; its chance chooses as a run's with the same seed does.</param>
    /// <param name="look">What guards would say, counting nothing; null for not asking them.</param>
    /// <param name="by">Who looks.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ExperimentPlan> OfAsync(Experiment experiment, ChaosWorld world, Func<StrikeRequest, CancellationToken, Task<GuardAnswer>>? look, string by, CancellationToken stop)
    {
        List<PlannedFault> faults = [];
        foreach (var activity in experiment.Method.Concat(experiment.Rollbacks))
        {
            if (activity.Provider is Provider.Fault fault)
                faults.Add(await AskedAsync(await OfAsync(activity, fault, world, stop)));
        }
        return new(faults, world.Guard.Halted);

        async Task<PlannedFault> AskedAsync(PlannedFault planned)
        {
            if (look is null || planned.Problem is not null)
                return planned;
            var all = planned.Stages.SelectMany(s => s).ToList();
            var request = StrikeRequests.Of(experiment, planned.Fault, all, planned.Matching, planned.Fault.Duration, by, run: "", alreadyStruck: 0);
            return await look(request, stop) is GuardAnswer.Refused(var reasons) ? planned with { Refusals = reasons } : planned;
        }
    }

    private static async Task<PlannedFault> OfAsync(Activity activity, Provider.Fault fault, ChaosWorld world, CancellationToken stop)
    {
        var planned = new PlannedFault(activity.Name, fault);
        Selection selection;
        try
        {
            selection = Selecting.Choose(fault.Selector, await world.Inventory.ListAsync(fault.Selector, stop), world.Protection, world.Random);
        }
        catch (InventoryException e)
        {
            return planned with { Problem = e.Message };
        }
        if (selection is Selection.Nothing(var why, var remedy))
            return planned with { Problem = $"{why} {remedy}" };
        var chosen = (Selection.Chosen)selection;
        var (batches, problem) = StagePlan.Of(fault.Stages, chosen.Targets, world.Random);
        return planned with { Stages = batches, Matching = chosen.Matching, Spared = chosen.Spared, Problem = problem };
    }
}

/// <summary>What one fault would strike.</summary>
/// <param name="Activity">The activity's name.</param>
/// <param name="Fault">The fault.</param>
public sealed record PlannedFault(string Activity, Provider.Fault Fault)
{
    /// <summary>Who is struck, stage by stage; one stage where there are none.</summary>
    public IReadOnlyList<IReadOnlyList<Candidate>> Stages { get; init; } = [];

    /// <summary>Those that they were chosen from.</summary>
    public IReadOnlyList<Candidate> Matching { get; init; } = [];

    /// <summary>What is meant and must not be struck, with the reason as an English clause.</summary>
    public IReadOnlyList<(Candidate Candidate, string Why)> Spared { get; init; } = [];

    /// <summary>What guards would say against it as things stand.</summary>
    public IReadOnlyList<GuardRefusal> Refusals { get; init; } = [];

    /// <summary>Why nothing would be struck; null if something would.</summary>
    public string? Problem { get; init; }
}
