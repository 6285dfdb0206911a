using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Writes experiments: as they were read, or so that other tools of the format can run them too.</summary>
public static class ExperimentWriter
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As it was read, as JSON. What is somebody else's is kept.</summary>
    public static string Write(Experiment experiment) => experiment.Document.ToJsonString(Options) + "\n";

    /// <summary>As JSON in which our faults and probes are calls of this program (<c>pressure chaos fault ...</c>): valid elsewhere, and read again as what they were.</summary>
    public static string Export(Experiment experiment) => ExportedDocument(experiment).ToJsonString(Options) + "\n";

    /// <summary>A hash of what was read, whatever language it was written in: what is approved is this and nothing else.</summary>
    public static string Hash(Experiment experiment) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(experiment.Document.ToJsonString())));

    /// <summary>The same, as a document.</summary>
    public static JsonObject ExportedDocument(Experiment experiment)
    {
        var document = (JsonObject)experiment.Document.DeepClone();
        // Other tools ask for one.
        if (document["description"] is null)
            document["description"] = experiment.Title;
        var exported = new ExportedActivity(experiment.Settings, hasValues: experiment.Configuration.Count + experiment.Secrets.Count > 0);
        var lists = new[] { document["steady-state-hypothesis"]?["probes"], document["method"], document["rollbacks"] };
        foreach (var activity in lists.OfType<JsonArray>().SelectMany(l => l).OfType<JsonObject>())
            exported.Change(activity);
        return document;
    }
}
