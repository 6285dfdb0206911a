using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>The drills of a folder of runs, newest first: run folders that hold a <see cref="DrillFile"/>.</summary>
/// <param name="runsFolder">The folder of runs.</param>
public sealed class DrillHistory(string runsFolder)
{
    /// <summary>The newest; no more than <paramref name="most"/>.</summary>
    public IReadOnlyList<PastDrill> Latest(int most) =>
    [
        .. Directory.EnumerateDirectories(runsFolder)
            .Where(f => File.Exists(Path.Combine(f, DrillFile.Name)))
            .OrderByDescending(Path.GetFileName, StringComparer.Ordinal)
            .Take(most).Select(Read).OfType<PastDrill>(),
    ];

    /// <summary>One; null if there is none of this id. The id is only ever compared, never made into a path.</summary>
    public PastDrill? Find(string id) => Latest(int.MaxValue).FirstOrDefault(d => d.Manifest.Id == id);

    private static PastDrill? Read(string folder)
    {
        try
        {
            return DrillFile.TryRead(folder) is { } file ? new(RunFolder.ReadManifest(folder), folder, file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // The list of runs shows it as unreadable.
            return null;
        }
    }
}

/// <summary>A drill's run folder.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Folder">Its path.</param>
/// <param name="File">Where it came from and how it ended.</param>
public sealed record PastDrill(RunManifest Manifest, string Folder, DrillFile File);
