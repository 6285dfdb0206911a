using System.Globalization;

namespace Pressure.Agent;

/// <summary>CPU time of a process, from <c>/proc/PID/stat</c>.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Start">Its start in clock ticks since boot: ids are used again.</param>
/// <param name="Name">Its command, 15 characters at the most.</param>
/// <param name="Ticks">User and kernel time in clock ticks.</param>
internal readonly record struct ProcessTimes(int Pid, long Start, string Name, long Ticks)
{
    /// <summary>What the kernel shows to programs, whatever it ticks with itself.</summary>
    public const int TicksPerSecond = 100;

    /// <summary>Hands on what every process has used; those that end meanwhile are left out.</summary>
    public static void Take(string proc, Action<ProcessTimes> take)
    {
        foreach (var folder in Directory.EnumerateDirectories(proc))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                if (Parse(pid, File.ReadAllText(Path.Combine(folder, "stat"))) is { } times)
                    take(times);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }
    }

    /// <summary>Reads a line; null if it is none.</summary>
    public static ProcessTimes? Parse(int pid, string line)
    {
        // The command stands in parentheses and may have some itself.
        var (open, close) = (line.IndexOf('('), line.LastIndexOf(')'));
        if (open < 0 || close < open)
            return null;
        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && long.TryParse(fields[11], out var user) && long.TryParse(fields[12], out var system) && long.TryParse(fields[19], out var start)
            ? new ProcessTimes(pid, start, line[(open + 1)..close], user + system)
            : null;
    }
}
