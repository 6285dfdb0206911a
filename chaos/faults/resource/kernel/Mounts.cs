using System.Globalization;

namespace Pressure.Faults;

/// <summary>A mount, a line of <c>/proc/PID/mountinfo</c>.</summary>
/// <param name="Device">Its file system's device, <c>major:minor</c>.</param>
/// <param name="Root">The folder of the file system that is mounted.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">Kind of file system.</param>
/// <param name="Options">The file system's own options.</param>
internal sealed record Mount(string Device, string Root, string Point, string Type, IReadOnlyList<string> Options)
{
    /// <summary>An option's value: <c>upperdir</c>; null if it is not there.</summary>
    public string? Option(string name) => Options.FirstOrDefault(o => o.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>Where a path of the file system is seen below this mount; null if it is not.</summary>
    public string? Shows(string path) => Below(Root, path) is { } rest ? Join(Point, rest) : null;

    /// <summary>What is left of a path below a folder; empty for the folder itself, null if it is not below.</summary>
    public static string? Below(string folder, string path) =>
        folder == "/" ? path.TrimStart('/')
        : path == folder ? ""
        : path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..]
        : null;

    /// <summary>A path below a folder.</summary>
    public static string Join(string folder, string rest) => rest.Length == 0 ? folder : $"{folder.TrimEnd('/')}/{rest.TrimStart('/')}";
}

/// <summary>What is mounted, as a process sees it.</summary>
internal static class Mounts
{
    /// <summary>Of a process; <c>self</c> for this one. None if it has ended.</summary>
    public static IReadOnlyList<Mount> Of(string process, string proc = "/proc")
    {
        try
        {
            return [.. File.ReadLines($"{proc}/{process}/mountinfo").Select(Parse).OfType<Mount>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The mount that holds a path: the longest point above it, the last one where several lie on each other.</summary>
    public static Mount? Holding(this IReadOnlyList<Mount> mounts, string path) =>
        mounts.Where(m => Mount.Below(m.Point, path) is not null).Reverse().MaxBy(m => m.Point.Length);

    /// <summary>A line: <c>36 35 98:0 /root /point rw shared:1 - ext4 /dev/sda rw,options</c>; null if it is none.</summary>
    internal static Mount? Parse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        return dash >= 6 && fields.Length >= dash + 4 ? new Mount(fields[2], Plain(fields[3]), Plain(fields[4]), fields[dash + 1], fields[dash + 3].Split(',')) : null;
    }

    /// <summary>Blanks and the like are written as <c>\040</c>.</summary>
    private static string Plain(string text)
    {
        for (var at = text.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 3 < text.Length; at = text.IndexOf('\\', at + 1))
        {
            if (text.AsSpan(at + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
                text = string.Create(CultureInfo.InvariantCulture, $"{text[..at]}{(char)(((text[at + 1] - '0') << 6) + ((text[at + 2] - '0') << 3) + (text[at + 3] - '0'))}{text[(at + 4)..]}");
        }
        return text;
    }
}
