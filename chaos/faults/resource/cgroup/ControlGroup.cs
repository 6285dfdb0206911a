namespace Pressure.Faults;

/// <summary>A control group: a folder of the kernel's.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Unified">Whether it is of version 2.</param>
internal sealed record ControlGroup(string Path, bool Unified)
{
    /// <summary>A file of it.</summary>
    public string File(string name) => $"{Path}/{name}";

    /// <summary>What stands in a file of it, without the end of its line; null if there is none.</summary>
    public string? Read(string name)
    {
        try
        {
            return System.IO.File.ReadAllText(File(name)).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A figure of it; null if there is none.</summary>
    public long? Number(string name) => FaultArguments.Number(Read(name));

    /// <summary>A figure in a file of many, one a line: <c>inactive_file 4096</c>; 0 if there is none.</summary>
    public long Figure(string name, string figure) =>
        FaultArguments.Number(Read(name)?.Split('\n').FirstOrDefault(l => l.StartsWith(figure + " ", StringComparison.Ordinal))?[(figure.Length + 1)..]) ?? 0;

    /// <summary>
    /// The group of a process that a controller counts it in; null if it is in none of its own, or in one that is not to be seen from here.
    /// </summary>
    /// <param name="pid">The process.</param>
    /// <param name="controller">Its name: <c>cpu</c>, <c>memory</c>, <c>blkio</c> (version 2: <c>io</c>).</param>
    /// <param name="proc">Where the kernel tells of processes.</param>
    public static ControlGroup? Of(int pid, string controller, string proc = "/proc")
    {
        var groups = Lines($"{proc}/{pid}/cgroup").Select(l => l.Split(':', 3)).Where(f => f.Length == 3).ToList();
        var mounts = Mounts.Of("self", proc);
        var own = groups.Find(f => f[1].Split(',').Contains(controller));
        if (own is not null)
            return Seen(mounts.FirstOrDefault(m => m.Type == "cgroup" && m.Options.Contains(controller)), own[2], unified: false);
        // Version 2 has one tree for all; beside version 1 it stands without controllers.
        var all = groups.Find(f => f[1].Length == 0);
        return all is null || groups.Exists(f => f[1].Length > 0 && !f[1].StartsWith("name=", StringComparison.Ordinal)) ? null : Seen(mounts.FirstOrDefault(m => m.Type == "cgroup2"), all[2], unified: true);
    }

    private static ControlGroup? Seen(Mount? mount, string path, bool unified) =>
        path == "/" || path.Contains("/..", StringComparison.Ordinal) || mount?.Shows(path) is not { } folder || !Directory.Exists(folder) ? null : new ControlGroup(folder, unified);

    private static string[] Lines(string path)
    {
        try
        {
            return System.IO.File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
