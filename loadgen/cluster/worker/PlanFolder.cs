namespace Pressure.Cluster;

/// <summary>The folder that a plan is read in: the files that it names, each a link to where it is kept.</summary>
internal static class PlanFolder
{
    /// <summary>Lays the files out, anew if it is there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Files whose names stay inside.</param>
    /// <param name="pathOf">Where a file lies, by its hash.</param>
    /// <exception cref="IOException">It can't be written, or two names contradict each other.</exception>
    public static void Lay(string folder, IReadOnlyList<OfferedFile> files, Func<string, string> pathOf)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var file in files)
        {
            if (!OfferRules.StaysInside(file.Name))
                throw new IOException($"'{file.Name}' lies outside of the plan's folder.");
            var path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.CreateSymbolicLink(path, Path.GetFullPath(pathOf(file.Hash)));
        }
    }
}
