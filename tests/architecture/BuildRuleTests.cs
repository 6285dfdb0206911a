using System.Xml.Linq;

namespace Pressure.Architecture.Tests;

public class BuildRuleTests
{
    [Fact]
    public void Every_project_stands_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Pressure.sln")).Replace('\\', '/');

        Assert.Empty(Repository.Projects.Where(p => !solution.Contains($"\"{p.Path}\"", StringComparison.Ordinal)).Select(p => p.Path));
    }

    [Fact]
    public void Package_versions_stand_in_one_file()
    {
        var own = Repository.Projects.SelectMany(p => p.Elements("PackageReference"), (project, package) => (project.Path, package))
            .Where(p => p.package.Attribute("Version") is not null || p.package.Attribute("VersionOverride") is not null || p.package.HasElements && p.package.Element("Version") is not null);

        Assert.Empty(own.Select(p => $"{p.Path}: {p.package}"));
    }

    [Theory]
    [InlineData("GenerateDocumentationFile")]
    [InlineData("TreatWarningsAsErrors")]
    [InlineData("EnforceCodeStyleInBuild")]
    public void A_public_type_without_documentation_breaks_the_build_because_of(string property)
    {
        var props = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));

        Assert.Equal(["true"], props.Descendants(property).Select(e => e.Value));
        Assert.Empty(Repository.Projects.Where(p => p.Elements(property).Any()).Select(p => p.Path));
    }

    [Fact]
    public void Nothing_that_ships_silences_warnings()
    {
        // Benchmarks do not ship; their runner wants public types and underscores.
        Assert.Empty(Repository.Projects.Where(p => !p.IsForTests && !p.Path.StartsWith("bench/", StringComparison.Ordinal) && p.Elements("NoWarn").Any()).Select(p => p.Path));
        Assert.Empty(Sources().Where(s => !s.Path.StartsWith("tests/", StringComparison.Ordinal) && s.Lines.Any(l => l.StartsWith("#pragma warning disable CS1591", StringComparison.Ordinal))).Select(s => s.Path));
        Assert.DoesNotContain("CS1591", File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")), StringComparison.Ordinal);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.Empty(Sources().Where(s => s.Lines.Length > 400).Select(s => $"{s.Path}: {s.Lines.Length} lines"));

    [Fact]
    public void Files_have_no_regions() =>
        Assert.Empty(Sources().Where(s => s.Lines.Any(l => l.TrimStart().StartsWith("#region", StringComparison.Ordinal))).Select(s => s.Path));

    private static IEnumerable<(string Path, string[] Lines)> Sources() =>
        Repository.Files("*.cs").Select(f => (f, File.ReadAllLines(Path.Combine(Repository.Root, f))));
}
