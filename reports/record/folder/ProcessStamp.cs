using System.Globalization;

namespace Pressure.Record;

/// <summary>One process for good: its id together with its start time, since ids are used again.</summary>
/// <param name="Id">Process id.</param>
/// <param name="Start">Start time in clock ticks since boot (field 22 of <c>/proc/PID/stat</c>); 0 if unknown.</param>
internal readonly record struct ProcessStamp(int Id, long Start)
{
    /// <summary>Whether it runs on this machine; an unknown start matches any.</summary>
    public bool IsAlive => Id > 0 && Look(Id) is { State: not ('Z' or 'X') } found && (Start == 0 || Start == found.Start);

    /// <summary>When a process started; null when there is none of that id.</summary>
    public static long? StartOf(int id) => Look(id)?.Start;

    private static (char State, long Start)? Look(int id)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{id}/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // no such process, or gone while we were reading
        }
        // The second field is the program's name in parentheses, which may itself hold blanks and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var start) ? (fields[0][0], start) : null;
    }
}
