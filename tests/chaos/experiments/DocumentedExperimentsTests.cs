using System.Text.RegularExpressions;

namespace Pressure.Chaos.Tests.Experiments;

/// <summary>What the documentation shows can be read, with the kinds of faults and probes that there really are.</summary>
public sealed class DocumentedExperimentsTests
{
    [Fact]
    public void The_experiment_in_the_documentation_is_right()
    {
        var yaml = Regex.Match(Documentation(), "```yaml\n(title:.*?)```", RegexOptions.Singleline).Groups[1].Value;

        var (experiment, problems) = ExperimentReader.Parse(yaml, "docs/chaos.md", _ => null);

        Assert.Empty(problems);
        Assert.Equal("container-kill", Assert.IsType<Provider.Fault>(experiment!.Method[0].Provider).Kind);
    }

    [Fact]
    public void The_fault_in_the_documentation_is_right()
    {
        var yaml = Regex.Match(Documentation(), "```yaml\n(provider:.*?)```", RegexOptions.Singleline).Groups[1].Value;

        var (_, problems) = ExperimentReader.Parse("title: t\nmethod:\n  - type: action\n    name: a\n    " + yaml.Replace("\n", "\n    "), "docs/chaos.md", _ => null);

        Assert.Empty(problems);
    }

    private static string Documentation()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pressure.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return File.ReadAllText(Path.Combine(folder, "docs", "chaos.md"));
    }
}
