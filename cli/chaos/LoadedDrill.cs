using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Chaos;

/// <summary>Runs an experiment that names a load: a run of that plan, with the experiment beside it from when measuring begins.</summary>
/// <param name="guard">What may be pressed.</param>
/// <param name="reports">Which reports.</param>
/// <param name="output">Who is told.</param>
/// <param name="time">The clock.</param>
internal sealed class LoadedDrill(TargetGuard guard, ReportOptions reports, RunOutput output, TimeProvider time)
{
    /// <param name="experiment">The experiment, whose settings name the plan.</param>
    /// <param name="file">The experiment's file; the plan lies beside it.</param>
    /// <param name="seed">Chooses the same targets again; null for the plan's own.</param>
    /// <param name="service">The service whose agents' hosts are watched and struck; null for the usual one.</param>
    /// <param name="folder">Where to write; null for a folder of its own in <c>runs</c>.</param>
    public async Task<int> RunAsync(Experiment experiment, string file, int? seed, string? service, string? folder)
    {
        var path = Path.GetFullPath(file);
        var plan = Path.Combine(Path.GetDirectoryName(path)!, experiment.Settings.Load!);
        var read = PlanReader.ReadFile(plan);
        if (read.Plan is not { } asked)
            return output.Problems(read.Problems);
        var refusals = guard.Refusals(asked);
        if (refusals.Count > 0)
            return output.Refused(refusals);
        // A plan that names the experiment itself says when it begins.
        var beside = asked.Chaos.Any(c => Path.GetFullPath(c.File) == path) ? asked.Chaos
            : [.. asked.Chaos, new PlannedExperiment(path, asked.WarmUp) { Name = file, Place = (0, 0, "chaos") }];
        var both = asked with { Chaos = beside, Seed = seed ?? asked.Seed };
        return await new PlanRunner(guard, reports, output, time).RunAsync(read with { Plan = both }, plan, service, folder);
    }
}
