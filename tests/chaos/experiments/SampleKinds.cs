namespace Pressure.Chaos.Tests.Experiments;

/// <summary>Kinds of faults and probes to write experiments with, whatever the program carries.</summary>
internal static class SampleKinds
{
    public static ExperimentKinds All { get; } = new(
        [
            new() { Kind = "container-kill", Summary = "Kills.", Target = TargetKind.Container },
            new() { Kind = "container-stop", Summary = "Stops.", Target = TargetKind.Container, Parameters = [new("grace", ParameterType.Duration, "how long it may take", "10s")] },
            new() { Kind = "network-loss", Summary = "Loses packets.", Target = TargetKind.Container, AlsoTargets = [TargetKind.Process], Parameters = [new("percent", ParameterType.Percent, "share of packets"), new("port", ParameterType.Number, "port", "")] },
            new() { Kind = "process-freeze", Summary = "Freezes.", Target = TargetKind.Process },
            new() { Kind = "http-delay", Summary = "Delays.", Target = TargetKind.Route, Parameters = [new("delay", ParameterType.Duration, "how long")] },
        ],
        [
            new("tcp", "Connects.", [new("address", ParameterType.Text, "host and port"), new("timeout", ParameterType.Duration, "how long", "1s")]),
            new("metric", "A metric.", [new("metric", ParameterType.Text, "its name")]),
        ]);

    public static ExperimentResult Parse(string text, string file = "x.yaml", params (string Name, string Value)[] environment) =>
        ExperimentReader.Parse(text, file, name => environment.Where(e => e.Name == name).Select(e => e.Value).FirstOrDefault(), All);

    public static Experiment Read(string text, params (string Name, string Value)[] environment)
    {
        var (experiment, problems) = Parse(text, "x.yaml", environment);
        Assert.Empty(problems);
        return experiment!;
    }
}
