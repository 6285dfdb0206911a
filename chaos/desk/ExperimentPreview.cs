namespace Pressure.Chaos;

/// <summary>What an experiment would strike if it ran now, and what the guards would say. Nothing is struck, and nothing counted.</summary>
/// <param name="Title">The experiment's title.</param>
/// <param name="Strikes">Each fault of its method, in order.</param>
public sealed record ExperimentPreview(string Title, IReadOnlyList<StrikePreview> Strikes)
{
    /// <summary>Whether it would go through as things stand.</summary>
    public bool WouldRun => Strikes.All(s => s.Nothing is null && s.Refusals.Count == 0);

    /// <summary>Looks.</summary>
    /// <param name="experiment">A checked experiment.</param>
    /// <param name="world">What it reaches.</param>
    /// <param name="look">What guards would say, counting nothing.</param>
    /// <param name="by">Who looks.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ExperimentPreview> OfAsync(Experiment experiment, ChaosWorld world, Func<StrikeRequest, CancellationToken, Task<GuardAnswer>> look, string by, CancellationToken stop)
    {
        List<StrikePreview> strikes = [];
        foreach (var activity in experiment.Method)
        {
            if (activity.Provider is Provider.Fault fault)
                strikes.Add(await StrikeAsync(experiment, activity, fault, world, look, by, stop));
        }
        return new(experiment.Title, strikes);
    }

    private static async Task<StrikePreview> StrikeAsync(
        Experiment experiment, Activity activity, Provider.Fault fault, ChaosWorld world, Func<StrikeRequest, CancellationToken, Task<GuardAnswer>> look, string by, CancellationToken stop)
    {
        var preview = new StrikePreview(activity.Name, fault.Kind, fault.Duration, fault.Selector.Mode, fault.Stages);
        try
        {
            var candidates = await world.Inventory.ListAsync(fault.Selector, stop);
            switch (Selecting.Choose(fault.Selector, candidates, world.Protection, world.Random))
            {
                case Selection.Chosen chosen:
                    var request = new StrikeRequest(fault.Kind, chosen.Targets, chosen.Matching, fault.Duration, experiment.Title, by) { Risky = experiment.Settings.Risky, Settings = experiment.Settings };
                    return preview with
                    {
                        Targets = chosen.Targets,
                        Matching = chosen.Matching,
                        Spared = chosen.Spared,
                        Refusals = await look(request, stop) is GuardAnswer.Refused refused ? refused.Reasons : [],
                    };
                case Selection.Nothing nothing:
                    return preview with { Nothing = $"{nothing.Why} {nothing.Remedy}" };
                default:
                    throw new System.Diagnostics.UnreachableException("A selection was added and is not handled.");
            }
        }
        catch (InventoryException e)
        {
            return preview with { Nothing = e.Message };
        }
    }
}

/// <summary>What one fault would strike.</summary>
/// <param name="Activity">The activity's name.</param>
/// <param name="Fault">Kind of fault.</param>
/// <param name="Duration">How long it would hold.</param>
/// <param name="Mode">How many of those that match.</param>
/// <param name="Stages">Stages; empty for all at once.</param>
public sealed record StrikePreview(string Activity, string Fault, TimeSpan Duration, SelectionMode Mode, IReadOnlyList<SelectionMode> Stages)
{
    /// <summary>Those that would be struck; where chance chooses, so many others of <see cref="Matching"/> may be.</summary>
    public IReadOnlyList<Candidate> Targets { get; init; } = [];

    /// <summary>All that the selector means and that may be struck.</summary>
    public IReadOnlyList<Candidate> Matching { get; init; } = [];

    /// <summary>What it means and must not be struck, with the reason as an English clause.</summary>
    public IReadOnlyList<(Candidate Candidate, string Why)> Spared { get; init; } = [];

    /// <summary>Why nothing can be struck; null if something can.</summary>
    public string? Nothing { get; init; }

    /// <summary>What guards would say.</summary>
    public IReadOnlyList<GuardRefusal> Refusals { get; init; } = [];

    /// <summary>Whether chance chooses: another look may give others.</summary>
    public bool IsByChance => Targets.Count < Matching.Count;
}
