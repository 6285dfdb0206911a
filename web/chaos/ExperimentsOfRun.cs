using Pressure.Chaos;
using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Web.Chaos;

/// <summary>
/// The experiments that go along with a run of the service: those that are kept there, by name. A plan that comes over the API or a form reads no files of this machine.
/// </summary>
internal sealed class ExperimentsOfRun(ChaosService chaos, ServiceWorld world, TimeProvider time)
{
    /// <summary>Whether there is one of this name.</summary>
    public bool Keeps(string name) => chaos.Shelf.Find(name) is not null;

    /// <summary>Who goes along with a run of this plan, or everything that is wrong with its experiments.</summary>
    public (IReadOnlyList<IRunCompanion> Companions, IReadOnlyList<PlanProblem> Problems) Of(LoadPlan plan)
    {
        List<TimedExperiment> experiments = [];
        List<PlanProblem> problems = [];
        foreach (var planned in plan.Chaos)
        {
            var read = chaos.Shelf.Find(planned.Name)?.Result;
            if (read?.Experiment is { } experiment)
                experiments.Add(new(experiment, planned.At));
            else
                problems.Add(new("plan", planned.Place.Line, planned.Place.Column, planned.Place.Field, $"the experiment '{planned.Name}' can't be run: {read?.Problems[0].Message ?? "it is gone"}", "See to it on its page."));
        }
        if (experiments.Count > 0 && problems.Count == 0)
            problems.AddRange(Unguarded(plan.Chaos[0]));
        return problems.Count > 0 || experiments.Count == 0 ? ([], problems)
            : ([new ChaosCompanion(experiments, world.OnAsync, "the service", time)], problems);
    }

    private IEnumerable<PlanProblem> Unguarded(PlannedExperiment first)
    {
        try
        {
            _ = world.Guards;
            return [];
        }
        catch (GuardBookException e)
        {
            return [new("plan", first.Place.Line, first.Place.Column, first.Place.Field, $"the guards can't be asked: {e.Message.TrimEnd('.')}", "Without them nothing is struck.")];
        }
    }
}
