namespace Pressure.Web.State;

/// <summary>The one list of the small files that all nodes have: names relative to the folder of runs.</summary>
internal static class SharedPlaces
{
    /// <summary>Longest file.</summary>
    public const int MostBytes = 1 << 20;

    private const string Agents = ".access/agents", Authority = ".access/authority";

    private static readonly string[] Folders = [".keys", ".chaos/experiments", ".chaos/monkeys", ".chaos/drills", ".access/tokens"];

    // The certificate itself is each node's own, made out to its names.
    private static readonly string[] OfAuthority = ["ca.key", "ca.crt", "server.key"];

    /// <summary>Whether a name is one of those; also what keeps a row of the database from becoming a path to anywhere else.</summary>
    public static bool Contain(string name)
    {
        var parts = name.Split('/');
        if (name.Length > 300 || parts.Any(p => p.Length == 0 || p is "." or ".." || p.Contains('\\', StringComparison.Ordinal) || p.Contains('\0', StringComparison.Ordinal)) || IsDraft(name))
            return false;
        return name is "settings.json" || Folders.Contains(string.Join('/', parts[..^1])) || IsOfAuthority(name) || AgentOf(name) is not null;
    }

    /// <summary>Whether a file is part of the authority that agents trust. A node that has one keeps it: its agents trust no other.</summary>
    public static bool IsOfAuthority(string name) => OfAuthority.Any(file => name == $"{Authority}/{file}");

    /// <summary>The id of the agent whose record a file is; null if it is none.</summary>
    public static string? AgentOf(string name) => name.Split('/') is [".access", "agents", var id, "agent.json"] && id[0] != '.' ? id : null;

    /// <summary>Those that are on this disk.</summary>
    public static IEnumerable<string> Find(string root)
    {
        if (File.Exists(Path.Combine(root, "settings.json")))
            yield return "settings.json";
        foreach (var file in OfAuthority.Select(f => $"{Authority}/{f}").Concat(AgentFolders(root).Select(id => $"{Agents}/{id}/agent.json")))
        {
            if (File.Exists(Path.Combine(root, file)) && Contain(file))
                yield return file;
        }
        foreach (var folder in Folders.Where(f => Directory.Exists(Path.Combine(root, f))))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder)))
            {
                if (Contain($"{folder}/{Path.GetFileName(file)}"))
                    yield return $"{folder}/{Path.GetFileName(file)}";
            }
        }
    }

    private static IEnumerable<string?> AgentFolders(string root) =>
        Directory.Exists(Path.Combine(root, Agents)) ? Directory.EnumerateDirectories(Path.Combine(root, Agents)).Select(Path.GetFileName) : [];

    private static bool IsDraft(string name) => name.EndsWith(".tmp", StringComparison.Ordinal) || name.EndsWith(".new", StringComparison.Ordinal);
}
