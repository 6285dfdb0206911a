using System.Text.Json;
using Pressure.Chaos;
using Pressure.Faults;
using Pressure.Web.Hosting;

namespace Pressure.Web.Language;

/// <summary>
/// What kinds of faults and probes are called, and what they do, in the visitor's language. What they do in English is said by the catalogue itself;
/// <c>kinds.json</c> adds titles, and the same in Chinese: <c>"kind": [title, Chinese title, Chinese text]</c>.
/// </summary>
internal static class KindText
{
    private static readonly Table Words = JsonSerializer.Deserialize<Table>(EmbeddedFiles.Read("kinds.json"), JsonSerializerOptions.Web)!;

    /// <summary>A fault's title; its kind where it has none.</summary>
    public static string Fault(string kind, Texts t) => Title(Words.Faults, kind, t);

    /// <summary>A probe's title; its kind where it has none.</summary>
    public static string Probe(string kind, Texts t) => Title(Words.Probes, kind, t);

    /// <summary>What a fault does.</summary>
    public static string Of(FaultDescription fault, Texts t) => Said(Words.Faults, fault.Kind, fault.Summary, t);

    /// <summary>What a probe asks.</summary>
    public static string Of(ProbeDescription probe, Texts t) => Said(Words.Probes, probe.Kind, probe.Summary, t);

    /// <summary>What an argument of a kind means. Those that mean the same for many kinds stand in the table once.</summary>
    public static string Of(string kind, FaultParameter parameter, Texts t) =>
        t == Texts.Zh ? Words.Parameters.GetValueOrDefault($"{kind}.{parameter.Name}") ?? Words.Parameters.GetValueOrDefault(parameter.Name, parameter.Summary) : parameter.Summary;

    private static string Title(Dictionary<string, string[]> kinds, string kind, Texts t) => kinds.TryGetValue(kind, out var words) ? words[t == Texts.Zh ? 1 : 0] : kind;

    private static string Said(Dictionary<string, string[]> kinds, string kind, string summary, Texts t) => t == Texts.Zh && kinds.TryGetValue(kind, out var words) ? words[2] : summary;

    private sealed record Table(Dictionary<string, string[]> Faults, Dictionary<string, string[]> Probes, Dictionary<string, string> Parameters);
}
