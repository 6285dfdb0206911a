using Pressure.Chaos;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>Shows what an experiment would strike.</summary>
internal static class ChaosPlanText
{
    /// <summary>Prints it; gives the exit code.</summary>
    public static int Print(Experiment experiment, ExperimentPlan plan, int seed, bool json)
    {
        if (json)
        {
            ExperimentOutput.Print(new
            {
                experiment.Title,
                seed,
                plan.Halted,
                faults = plan.Faults.Select(f => new
                {
                    f.Activity,
                    fault = f.Fault.Kind,
                    duration = f.Fault.Duration,
                    stages = f.Stages.Select(s => s.Select(Shown)),
                    matching = f.Matching.Select(Shown),
                    spared = f.Spared.Select(s => new { target = Shown(s.Candidate), s.Why }),
                    f.Refusals,
                    f.Problem,
                }),
            });
        }
        else
        {
            Console.WriteLine($"{experiment.Title}: what would be struck now (seed {seed}; give it to 'run' for the same choice)");
            foreach (var fault in plan.Faults)
                Print(fault);
            if (plan.Faults.Count == 0)
                Console.WriteLine("  No faults of ours in it; programs and requests are run as they are.");
            if (plan.Halted is { } why)
                Console.WriteLine($"Nothing may be struck: {why}");
        }
        return plan.IsWhole ? ExitCodes.Ok : plan.IsRefused ? ExitCodes.Refused : ExitCodes.NotHeld;
    }

    private static void Print(PlannedFault fault)
    {
        Console.WriteLine($"  {fault.Activity}: {fault.Fault.Kind} for {Figures.Span(fault.Fault.Duration)}");
        foreach (var (i, stage) in fault.Stages.Index())
            Console.WriteLine($"    {(fault.Stages.Count > 1 ? $"stage {i + 1} strikes" : "strikes")}: {string.Join(", ", stage.Select(Shown))}");
        if (fault.Matching.Count > fault.Stages.Sum(s => s.Count))
            Console.WriteLine($"    chosen from: {string.Join(", ", fault.Matching.Select(Shown))}");
        foreach (var (candidate, why) in fault.Spared)
            Console.WriteLine($"    spared: {Shown(candidate)}, which {why}");
        foreach (var refusal in fault.Refusals)
            Console.WriteLine($"    REFUSED by {refusal.Guard}: {refusal.Why} {refusal.Remedy}");
        if (fault.Problem is { } problem)
            Console.WriteLine($"    NOTHING: {problem}");
    }

    private static string Shown(Candidate candidate) => candidate.Host == "local" ? candidate.Target.Label : $"{candidate.Host}: {candidate.Target.Label}";
}
