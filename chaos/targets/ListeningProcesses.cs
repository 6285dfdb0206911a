using System.Globalization;

namespace Pressure.Chaos;

/// <summary>Which processes listen on TCP ports of this host.</summary>
internal static class ListeningProcesses
{
    private const string Listening = "0A";

    /// <summary>Those that listen on any of them; as far as we may look.</summary>
    public static IReadOnlyCollection<int> Of(IReadOnlyCollection<int> ports, string proc)
    {
        if (ports.Count == 0)
            return [];
        var sockets = Sockets(Path.Combine(proc, "net", "tcp"), ports).Concat(Sockets(Path.Combine(proc, "net", "tcp6"), ports)).Select(inode => $"socket:[{inode}]").ToHashSet();
        return sockets.Count == 0 ? [] : [.. Pids(proc).Where(pid => Holds(Path.Combine(proc, $"{pid}", "fd"), sockets))];
    }

    private static IEnumerable<string> Sockets(string table, IReadOnlyCollection<int> ports)
    {
        if (!File.Exists(table))
            yield break;
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Listening && int.TryParse(fields[1].AsSpan(fields[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port) && ports.Contains(port))
                yield return fields[9];
        }
    }

    private static IEnumerable<int> Pids(string proc) =>
        Directory.EnumerateDirectories(proc).Select(f => int.TryParse(Path.GetFileName(f.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(p => p > 0);

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Any(f => new FileInfo(f).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
