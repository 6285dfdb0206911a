namespace Pressure.Agent;

/// <summary>What the kernel shows of a JVM's process, containers included: everything goes through <c>/proc/PID</c>.</summary>
internal sealed class JvmFiles(WatchedProcess process, string proc)
{
    private const double TicksPerSecond = 100;
    private string? _counters;
    private byte[]? _buffer;

    public string Root => $"{proc}/{process.Pid}/root";

    public string Working => $"{proc}/{process.Pid}/cwd";

    /// <summary>Whether the process is still there.</summary>
    public bool IsThere => Directory.Exists($"{proc}/{process.Pid}");

    /// <summary>Empty if we may not look.</summary>
    public string Environ() => TryRead(() => File.ReadAllText($"{proc}/{process.Pid}/environ")) ?? "";

    /// <summary>The counters' bytes, in the same array every time; null if there are none that we can read.</summary>
    public byte[]? Counters() => TryRead(() =>
    {
        _counters ??= Directory.EnumerateDirectories(Root + "/tmp", "hsperfdata_*").Select(d => Path.Combine(d, $"{process.NamespacePid}")).FirstOrDefault(File.Exists);
        var read = _counters is null ? null : ReadSmall(_counters, _buffer);
        if (read is null)
            _counters = null;
        _buffer = read ?? _buffer;
        return read;
    });

    /// <summary>When the process began, by the clock as it is now; to 10 ms.</summary>
    public DateTimeOffset? Start(TimeProvider time) => TryRead(() =>
        double.TryParse(File.ReadAllText($"{proc}/uptime").Split(' ')[0], out var uptime)
            ? time.GetUtcNow() - TimeSpan.FromSeconds(uptime - process.Start / TicksPerSecond)
            : (DateTimeOffset?)null);

    /// <summary>A small file's bytes; null if it is none that we can read.</summary>
    internal static byte[]? ReadSmall(string path, byte[]? into = null)
    {
        const int Largest = 1 << 20;
        using var file = UnlockedFile.Open(path);
        if (file is null || RandomAccess.GetLength(file) is not (> 0 and <= Largest and var length))
            return null;
        var bytes = into?.Length == length ? into : new byte[length];
        return RandomAccess.Read(file, bytes, 0) == length ? bytes : null;
    }

    private static T? TryRead<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return default;
        }
    }
}
