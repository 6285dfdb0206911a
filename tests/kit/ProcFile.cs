namespace Pressure.TestKit;

/// <summary>What the kernel says of a process that may end at any moment.</summary>
public static class ProcFile
{
    /// <summary>A file of <c>/proc/PID</c>; null if there is no such process any more.</summary>
    public static string? Read(int pid, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether it runs still; one that has ended may be there until somebody has asked for its code.</summary>
    public static bool IsRunning(int pid) => Read(pid, "stat") is { } stat && stat[(stat.LastIndexOf(')') + 2)..] is not ['Z', ..];
}
