using Pressure.Cluster;
using Pressure.Faults;
using Pressure.LoadGen;

namespace Pressure.Web.Chaos;

/// <summary>
/// The experiments that go along with a run of the service: those that are kept here. A plan that comes over the API names no files of this machine, so
/// only the name of what it names counts: <c>chaos: [ kill-one.yaml ]</c> is the kept experiment <c>kill-one</c>.
/// </summary>
internal sealed class ExperimentsOfRun(ChaosService chaos, ServiceWorld world, TimeProvider time)
{
    /// <summary>Who goes along with a run of this plan, or everything that is wrong.</summary>
    public (IReadOnlyList<IRunCompanion> Companions, IReadOnlyList<PlanProblem> Problems) Of(LoadPlan plan)
    {
        List<TimedExperiment> experiments = [];
        List<PlanProblem> problems = [];
        foreach (var planned in plan.Chaos)
        {
            var name = Path.GetFileNameWithoutExtension(planned.File);
            var read = chaos.Shelf.Find(name)?.Result;
            if (read?.Experiment is { } experiment)
                experiments.Add(new(experiment, planned.At));
            else if (read is null)
                problems.Add(new("plan", planned.Place.Line, planned.Place.Column, planned.Place.Field, $"there is no experiment '{name}' in this service", "Name one of those that are kept here, see /chaos/experiments."));
            else
                problems.AddRange(read.Problems.Select(p => new PlanProblem(p.File, p.Line, p.Column, p.Field, p.Message, p.Remedy)));
        }
        if (experiments.Count == 0 || problems.Count > 0)
            return ([], problems);
        // Making a world looks into a file of this machine and waits for nobody.
        return ([new ChaosCompanion(experiments, (timeline, metrics) => world.OnAsync(timeline, metrics).GetAwaiter().GetResult(), "the service", time) { Onlooker = new ContainerCompanion(FaultTools.UsualSocket, time) }], []);
    }
}
