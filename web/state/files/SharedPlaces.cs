namespace Pressure.Web.State;

/// <summary>The one list of the small files that all nodes have: names relative to the folder of runs.</summary>
internal static class SharedPlaces
{
    /// <summary>Longest file.</summary>
    public const int MostBytes = 1 << 20;

    private static readonly string[] Folders = [".keys", ".chaos/experiments", ".chaos/monkeys", ".chaos/drills"];

    /// <summary>Whether a name is one of those; also what keeps a row of the database from becoming a path to anywhere else.</summary>
    public static bool Contain(string name)
    {
        var parts = name.Split('/');
        if (name.Length > 300 || parts.Any(p => p.Length == 0 || p is "." or ".." || p.Contains('\\', StringComparison.Ordinal) || p.Contains('\0', StringComparison.Ordinal)) || IsDraft(name))
            return false;
        return name is "settings.json" || Folders.Contains(string.Join('/', parts[..^1]));
    }

    /// <summary>Those that are on this disk.</summary>
    public static IEnumerable<string> Find(string root)
    {
        if (File.Exists(Path.Combine(root, "settings.json")))
            yield return "settings.json";
        foreach (var folder in Folders.Where(f => Directory.Exists(Path.Combine(root, f))))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder)))
            {
                if (Contain($"{folder}/{Path.GetFileName(file)}"))
                    yield return $"{folder}/{Path.GetFileName(file)}";
            }
        }
    }

    private static bool IsDraft(string name) => name.EndsWith(".tmp", StringComparison.Ordinal) || name.EndsWith(".new", StringComparison.Ordinal);
}
