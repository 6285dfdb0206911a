using System.Text;
using System.Text.RegularExpressions;

namespace Pressure.LoadGen;

/// <summary>A plan to start from.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Purpose">Which question such a test answers, in one line.</param>
/// <param name="ChinesePurpose">The same in Chinese.</param>
/// <param name="Text">The plan, with comments.</param>
public sealed record PlanTemplate(string Name, string Purpose, string ChinesePurpose, string Text);

/// <summary>The seven kinds of test, each as a commented plan that runs against the sample shop as it stands.</summary>
public static partial class PlanTemplates
{
    private static readonly string[] Names = ["load", "stress", "concurrency", "benchmark", "stability", "recoverability", "full-link"];

    /// <summary>All of them, the one to begin with first.</summary>
    public static IReadOnlyList<PlanTemplate> All { get; } = [.. Names.Select(Load)];

    /// <summary>The template of that name, whatever its case; null with what to write instead.</summary>
    public static PlanTemplate? Find(string name, out string remedy)
    {
        var found = All.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var known = $"There are {string.Join(", ", Names)}.";
        remedy = found is not null ? "" : Suggestion.For(name, Names) is { } meant ? $"Did you mean '{meant}'? {known}" : known;
        return found;
    }

    /// <summary>The plan with another base URL; null with what is wrong about the URL and what to do.</summary>
    public static string? For(PlanTemplate template, string target, out (string Message, string Remedy) problem)
    {
        var complaint = UrlText.ParseTarget(target, out var url);
        problem = (complaint?.Message ?? "", complaint?.Remedy ?? "");
        return complaint is null ? TargetLine().Replace(template.Text, _ => $"target: {url.AbsoluteUri.TrimEnd('/')}", 1) : null;
    }

    private static PlanTemplate Load(string name)
    {
        using var stream = typeof(PlanTemplates).Assembly.GetManifestResourceStream($"templates/{name}.yaml")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        var lines = text.Split('\n');
        return new(name, lines[0].TrimStart('#', ' '), lines[1].TrimStart('#', ' '), text);
    }

    [GeneratedRegex(@"^target: \S+", RegexOptions.Multiline)]
    private static partial Regex TargetLine();
}
