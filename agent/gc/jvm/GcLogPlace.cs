namespace Pressure.Agent;

/// <summary>Where a JVM writes its GC log, by its options.</summary>
/// <param name="Name">The file as the option names it, with <c>%p</c> and <c>%t</c>.</param>
/// <param name="IsDetailed">Whether all of the collector's lines go there (<c>gc*</c>); with <c>gc</c> alone ZGC tells no pauses.</param>
internal sealed record GcLogPlace(string Name, bool IsDetailed)
{
    /// <summary>Null if it writes none into a file of its own (none at all, or to its standard output).</summary>
    public static GcLogPlace? Of(IReadOnlyList<string> options)
    {
        GcLogPlace? best = null;
        foreach (var option in options)
        {
            var place = option.StartsWith("-Xlog:", StringComparison.Ordinal) ? OfUnified(option["-Xlog:".Length..])
                : option.StartsWith("-Xloggc:", StringComparison.Ordinal) ? new GcLogPlace(option["-Xloggc:".Length..], IsDetailed: false)
                : null;
            if (place is not null && IsFile(place.Name) && (best is null || place.IsDetailed || !best.IsDetailed))
                best = place;
        }

        return best;
    }

    /// <summary>Paths that may be the log now, the newest first; empty if there is none yet.</summary>
    /// <param name="root">The process's root directory.</param>
    /// <param name="working">The process's working directory.</param>
    /// <param name="pid">Its id as it knows it itself.</param>
    public IReadOnlyList<string> Find(string root, string working, int pid)
    {
        var path = Name.StartsWith('/') ? root + Name : Path.Combine(working, Name);
        var folder = Path.GetDirectoryName(path);
        if (folder is null || !Directory.Exists(folder))
            return [];
        var file = Path.GetFileName(path).Replace("%hn", "*", StringComparison.Ordinal).Replace("%t", "*", StringComparison.Ordinal);
        // JDK 8 writes "pid123" for %p, newer ones "123". It numbers the files when it is told to rotate.
        string[] names = [.. new[] { $"{pid}", $"pid{pid}" }.Select(p => file.Replace("%p", p, StringComparison.Ordinal)).Distinct()];
        return [.. names.SelectMany(n => new[] { n, n + ".*.current" })
            .SelectMany(n => n.Contains('*') ? Directory.EnumerateFiles(folder, n) : File.Exists(Path.Combine(folder, n)) ? [Path.Combine(folder, n)] : [])
            .Where(f => LeadsToFile(f, root))
            .OrderByDescending(File.GetLastWriteTimeUtc)];
    }

    /// <summary><c>what:output:decorators:options</c>, where the output may be in quotes.</summary>
    private static GcLogPlace? OfUnified(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return null;
        var what = text[..colon].Split(',').Select(s => s.Split('=')[0]).ToList();
        var isDetailed = what.Exists(s => s is "gc*" or "all" or "");
        if (!isDetailed && !what.Exists(s => s.TrimEnd('*').Split('+')[0] == "gc"))
            return null;
        var output = text[(colon + 1)..];
        if (output.StartsWith("file=", StringComparison.Ordinal))
            output = output["file=".Length..];
        var name = output.StartsWith('"') ? output[1..].Split('"')[0] : output.Split(':')[0];
        return name is "" or "stdout" or "stderr" ? null : new GcLogPlace(name, isDetailed);
    }

    /// <summary>Each step of links counts: <c>/dev/stdout</c> leads on to whatever the reader's own output is.</summary>
    private static bool LeadsToFile(string path, string root)
    {
        const int MostLinks = 40;
        if (!IsFile(path[Math.Min(root.Length, path.Length)..]))
            return false;
        for (var links = 0; links < MostLinks; links++)
        {
            if (new FileInfo(path).LinkTarget is not { } target)
                return true;
            path = Path.GetFullPath(target, Path.GetDirectoryName(path)!);
            if (!IsFile(path))
                return false;
        }
        return false;
    }

    /// <summary>A name under these would be a device, or somebody else's descriptor.</summary>
    private static bool IsFile(string name) =>
        name.Length > 0 && !name.StartsWith("/dev/", StringComparison.Ordinal) && !name.StartsWith("/proc/", StringComparison.Ordinal);
}
