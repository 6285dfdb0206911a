namespace Pressure.Chaos;

/// <summary>What guards are asked with, the same before and while an experiment runs.</summary>
internal static class StrikeRequests
{
    public static StrikeRequest Of(
        Experiment experiment, Provider.Fault fault, IReadOnlyList<Candidate> targets, IReadOnlyList<Candidate> matching, TimeSpan duration, string by, string run, int alreadyStruck) =>
        new(fault.Kind, targets, matching, duration, experiment.Title, by)
        {
            Risky = fault.Risky || experiment.Settings.Risky,
            Settings = experiment.Settings,
            AlreadyStruck = alreadyStruck,
            Run = run,
            ExperimentHash = ExperimentWriter.Hash(experiment),
        };
}
