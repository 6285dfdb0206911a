namespace Pressure.Agent;

/// <summary>Which collector it is, by what JVMs say. What they do not say is not guessed.</summary>
internal static class Collectors
{
    public const string Unknown = "unknown";
    public const string G1 = "G1";
    public const string Parallel = "Parallel";
    public const string Serial = "Serial";
    public const string Cms = "CMS";
    public const string Zgc = "ZGC";
    public const string Shenandoah = "Shenandoah";

    private static readonly (string Option, string Name)[] Options =
    [
        ("UseG1GC", G1), ("UseParallelGC", Parallel), ("UseParallelOldGC", Parallel), ("UseConcMarkSweepGC", Cms), ("UseSerialGC", Serial),
        ("UseZGC", Zgc), ("UseShenandoahGC", Shenandoah), ("UseEpsilonGC", "Epsilon"),
    ];

    /// <summary>By the banner of unified logs, <c>Using G1</c>; null if it is another line.</summary>
    public static string? OfBanner(ReadOnlySpan<byte> message) =>
        message.SequenceEqual("Using G1"u8) ? G1
        : message.SequenceEqual("Using Parallel"u8) ? Parallel
        : message.SequenceEqual("Using Serial"u8) ? Serial
        : message.SequenceEqual("Using Concurrent Mark Sweep"u8) ? Cms
        : message.StartsWith("Using The Z Garbage Collector"u8) || message.StartsWith("Initializing The Z Garbage Collector"u8) ? Zgc
        : message.StartsWith("Using Shenandoah"u8) || message.StartsWith("Initialize Shenandoah heap"u8) ? Shenandoah
        : message.StartsWith("Using Epsilon"u8) ? "Epsilon"
        : null;

    /// <summary>By the JVM's options; null if they name none.</summary>
    public static string? OfOptions(IEnumerable<string> options)
    {
        string? named = null;
        foreach (var option in options)
        {
            foreach (var (name, collector) in Options)
            {
                if (option.Length == name.Length + 5 && option.StartsWith("-XX:+", StringComparison.Ordinal) && option.EndsWith(name, StringComparison.Ordinal))
                    named = collector;
            }
        }

        return named;
    }
}
