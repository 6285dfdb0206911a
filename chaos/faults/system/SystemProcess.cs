using System.Globalization;

namespace Pressure.Faults;

/// <summary>A process as <c>/proc</c> tells of it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Start">Its start in clock ticks since boot: ids are used again.</param>
/// <param name="Session">The session that it belongs to.</param>
/// <param name="State">Its state: <c>R</c>, <c>S</c>, <c>T</c>, <c>Z</c>, ...</param>
internal readonly record struct SystemProcess(int Pid, long Start, int Session, char State)
{
    /// <summary>Ended, but not asked for its end yet.</summary>
    public bool IsDead => State is 'Z' or 'X';

    /// <summary>The process of an id; null if there is none.</summary>
    public static SystemProcess? Of(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Every process of a session.</summary>
    public static IReadOnlyList<SystemProcess> OfSession(int session)
    {
        List<SystemProcess> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Of(pid) is { } process && process.Session == session && !process.IsDead)
                found.Add(process);
        }
        return found;
    }

    /// <summary>Reads a line of <c>/proc/PID/stat</c>; null if it is none.</summary>
    internal static SystemProcess? Parse(int pid, string line)
    {
        // The command stands in parentheses and may have some itself.
        var close = line.LastIndexOf(')');
        if (close < 0)
            return null;
        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && fields[0].Length == 1 && int.TryParse(fields[3], CultureInfo.InvariantCulture, out var session) && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var start)
            ? new SystemProcess(pid, start, session, fields[0][0])
            : null;
    }
}
