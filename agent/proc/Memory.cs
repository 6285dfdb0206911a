namespace Pressure.Agent;

/// <summary>Physical memory in bytes, from <c>/proc/meminfo</c>.</summary>
internal readonly record struct Memory(long Total, long Used)
{
    public static Memory Parse(string text)
    {
        var kibibytes = ProcTable.Rows(text).GroupBy(row => row[0]).ToDictionary(rows => rows.Key, rows => (long)Math.Min(ProcTable.Number(rows.First(), 1), long.MaxValue >> 10));
        var total = Of("MemTotal:");
        // Kernels before 3.14 do not say what is available.
        var available = kibibytes.ContainsKey("MemAvailable:") ? Of("MemAvailable:") : Of("MemFree:") + Of("Buffers:") + Of("Cached:");
        return new Memory(total, Math.Max(0, total - available));

        long Of(string name) => kibibytes.GetValueOrDefault(name) << 10;
    }
}
