using System.Globalization;

namespace Pressure.Faults;

/// <summary>Lists the processes of this host.</summary>
public static class HostProcesses
{
    private const string Proc = "/proc";

    /// <summary>All that run programs: no threads of the kernel, none that have ended.</summary>
    public static IReadOnlyList<HostProcess> List() => [.. Pids().Select(p => Of(p)).OfType<HostProcess>().Where(p => !p.IsKernel)];

    /// <summary>The process of an id; null if there is none that runs.</summary>
    public static HostProcess? Of(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText($"{Proc}/{pid}/stat")) is { IsDead: false } process ? process with { Arguments = ArgumentsOf(pid) } : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended in between, or is none of ours.
            return null;
        }
    }

    /// <summary>The process of an id, if it is the one that started then; null if that one has ended.</summary>
    internal static HostProcess? Of(int pid, long start) => Of(pid) is { } process && process.Start == start ? process : null;

    /// <summary>All that descend from a process.</summary>
    internal static IReadOnlyList<HostProcess> Below(int pid)
    {
        var children = List().ToLookup(p => p.Parent);
        List<HostProcess> found = [];
        for (var open = new Queue<int>([pid]); open.TryDequeue(out var parent);)
        {
            foreach (var child in children[parent])
            {
                found.Add(child);
                open.Enqueue(child.Pid);
            }
        }
        return found;
    }

    /// <summary>This process and those that it descends from.</summary>
    internal static IReadOnlySet<int> OwnLine()
    {
        HashSet<int> line = [];
        for (var at = Of(Environment.ProcessId); at is not null && line.Add(at.Pid);)
            at = Of(at.Parent);
        return line;
    }

    /// <summary>Reads a line of <c>/proc/PID/stat</c>; null if it is not whole.</summary>
    internal static HostProcess? Parse(int pid, string line)
    {
        // The command stands in parentheses and may have blanks and parentheses itself.
        var open = line.IndexOf('(');
        var close = line.LastIndexOf(')');
        if (open < 0 || close < open)
            return null;
        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && fields[0].Length == 1 && Number(fields[1]) is { } parent && Number(fields[19]) is { } start
            ? new HostProcess(pid, start, (int)parent, fields[0][0], line[(open + 1)..close])
            : null;
    }

    private static IEnumerable<int> Pids() =>
        Directory.EnumerateDirectories(Proc).Select(f => int.TryParse(Path.GetFileName(f.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(p => p > 0);

    private static string[] ArgumentsOf(int pid) => File.ReadAllText($"{Proc}/{pid}/cmdline") is { Length: > 0 } text ? text.TrimEnd('\0').Split('\0') : [];

    private static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
