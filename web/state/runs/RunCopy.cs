using System.Text.Json;
using Pressure.Record;

namespace Pressure.Web.State;

/// <summary>What this disk has of a run that another node owns: <c>.copy</c> in its folder. A folder without it is this node's own.</summary>
/// <param name="Node">The owner.</param>
/// <param name="Files">Generations of the files that are here.</param>
internal sealed record RunCopy(string Node, Dictionary<string, int> Files)
{
    private const string FileName = ".copy";

    public static bool Is(string folder) => File.Exists(Path.Combine(folder, FileName));

    public static void Forget(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Reads it; an empty one where it is missing or damaged, so that everything is fetched again.</summary>
    public static RunCopy Read(string folder)
    {
        try
        {
            return File.Exists(Path.Combine(folder, FileName)) && JsonSerializer.Deserialize<RunCopy>(File.ReadAllText(Path.Combine(folder, FileName))) is { Files: not null, Node: not null } read ? read : new("", []);
        }
        catch (JsonException)
        {
            return new("", []);
        }
    }

    public void Write(string folder) => WholeFile.WriteSecret(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));
}
