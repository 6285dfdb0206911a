namespace Pressure.Faults;

/// <summary>The machine's memory, in bytes.</summary>
internal static class MachineMemory
{
    /// <summary>All of it.</summary>
    public static long Total => Of("MemTotal:");

    /// <summary>What programs can have before something must be swapped out or ended.</summary>
    public static long Available => Of("MemAvailable:");

    private static long Of(string figure)
    {
        foreach (var line in File.ReadLines("/proc/meminfo"))
        {
            if (line.StartsWith(figure, StringComparison.Ordinal) && FaultArguments.Number(line[figure.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) is { } kibibytes)
                return kibibytes * 1024;
        }
        return 0;
    }
}
