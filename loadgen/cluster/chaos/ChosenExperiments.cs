using Pressure.Chaos;
using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>The experiments that a plan names, read and checked before anything is sent.</summary>
/// <param name="Experiments">Those without problems.</param>
/// <param name="Problems">What is wrong, each at its place in the experiment's file; with one, nothing should run.</param>
public sealed record ChosenExperiments(IReadOnlyList<TimedExperiment> Experiments, IReadOnlyList<PlanProblem> Problems)
{
    /// <summary>Reads them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="environment">Looks up environment variables that configurations and secrets name.</param>
    public static ChosenExperiments Of(LoadPlan plan, Func<string, string?> environment)
    {
        List<TimedExperiment> experiments = [];
        List<PlanProblem> problems = [];
        foreach (var planned in plan.Chaos)
        {
            var read = ExperimentReader.ReadFile(planned.File, environment);
            problems.AddRange(read.Problems.Select(p => new PlanProblem(p.File, p.Line, p.Column, p.Field, p.Message, p.Remedy)));
            if (read.Experiment is { } experiment && read.Problems.Count == 0)
                experiments.Add(new(experiment, planned.At));
        }
        return new(experiments, [.. problems.Distinct()]);
    }
}
