namespace Pressure.Chaos.Tests.Experiments;

public sealed class SampleExperimentTests
{
    private static readonly string Folder = Path.Combine(Root(), "samples", "experiments");

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_is_in_order(string file)
    {
        var kinds = ExperimentKinds.Usual with { Probes = ProbeFactory.Every };
        var (experiment, problems) = ExperimentReader.ReadFile(Path.Combine(Folder, file), _ => null, kinds);
        Assert.Empty(problems);
        Assert.NotNull(experiment!.Hypothesis);
        Assert.Empty(experiment.Notices);
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Pressure.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        return at;
    }
}
