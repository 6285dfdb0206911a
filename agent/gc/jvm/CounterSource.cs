using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// A JVM's performance counters: for each of its collectors how often it ran and how long threads stood still for it in all. What happened between
/// two looks is told apart as far as the counters do: several pauses of a kind share their time evenly.
/// </summary>
internal sealed class CounterSource(Func<byte[]?> read, Action<LoggedGc> take) : IJvmSource
{
    private const int Slots = 4;
    private const int MostAtOnce = 1000;
    private readonly (long Count, long Ticks)[] _last = new (long, long)[Slots];
    private HsPerfData? _data;
    private bool _begun;

    /// <summary>False for a collector whose counters mix pauses with work beside the program.</summary>
    public bool TellsPauses { get; private set; } = true;

    /// <summary>When the JVM began, by its own wall clock; null if it does not tell.</summary>
    public static DateTimeOffset? StartOf(HsPerfData data) =>
        data.Number("sun.rt.createVmBeginTime") is > 0 and < 100_000_000_000_000 and var milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    public bool Look()
    {
        if (read() is not { } bytes)
            return false;
        if (_data is null || !_data.Renew(bytes))
            _data = HsPerfData.Read(bytes);
        if (_data?.Number("sun.os.hrt.frequency") is not (> 0 and var frequency))
            return false;
        for (var slot = 0; slot < Slots; slot++)
            Look(_data, slot, frequency);
        _begun = true;
        return true;
    }

    public void Dispose()
    {
    }

    private void Look(HsPerfData data, int slot, long frequency)
    {
        var prefix = $"sun.gc.collector.{slot}.";
        if (data.Number(prefix + "invocations") is not { } count || data.Number(prefix + "time") is not { } ticks)
            return;
        var name = data.Text(prefix + "name") ?? "";
        if (name.StartsWith("Shenandoah", StringComparison.Ordinal))
        {
            TellsPauses = false;
            return;
        }

        var entry = data.Number(prefix + "lastEntryTime") ?? 0;
        // Counted when it begins, timed when it ends.
        if (entry > (data.Number(prefix + "lastExitTime") ?? 0))
            count--;
        var (beforeCount, beforeTicks) = _last[slot];
        if (_begun && count <= beforeCount)
            return;
        _last[slot] = (count, ticks);
        if (!_begun)
            return;
        var many = (int)Math.Min(count - beforeCount, MostAtOnce);
        var pause = TimeSpan.FromSeconds((double)Math.Max(ticks - beforeTicks, 0) / frequency / many);
        var begin = TimeSpan.FromSeconds((double)Math.Max(entry, 0) / frequency);
        var (kind, collector) = MeaningOf(name);
        for (var n = many - 1; n >= 0; n--)
        {
            var at = begin - n * pause;
            take(new LoggedGc(
                kind, collector, n == 0 ? Cause(data) : "", new LogTime(StartOf(data) + at, at), pause, pause, null,
                n == 0 ? new HeapUse(null, Sum(data, "used"), Sum(data, "capacity")) : default));
        }
    }

    private static string Cause(HsPerfData data) =>
        data.Text("sun.gc.cause") is { } now && now != "No GC" ? now : data.Text("sun.gc.lastCause") is { } last && last != "No GC" ? last : "";

    private static long? Sum(HsPerfData data, string what)
    {
        long? sum = null;
        for (var generation = 0; generation < 2; generation++)
        {
            for (var space = 0; space < 3; space++)
            {
                if (data.Number($"sun.gc.generation.{generation}.space.{space}.{what}") is { } bytes)
                    sum = (sum ?? 0) + bytes;
            }
        }

        return sum;
    }

    /// <summary>By the counters' own names; that of CMS's old generation counts pauses of all kinds, so theirs is unknown.</summary>
    private static (GcKind Kind, string Collector) MeaningOf(string name) => name switch
    {
        "Copy" or "Serial young collection pauses" => (GcKind.Young, Collectors.Serial),
        "MSC" or "Serial full collection pauses" => (GcKind.Full, Collectors.Serial),
        "PSScavenge" or "Parallel young collection pauses" => (GcKind.Young, Collectors.Parallel),
        "PSParallelCompact" or "PSMarkSweep" or "Parallel full collection pauses" => (GcKind.Full, Collectors.Parallel),
        "PCopy" or "ParNew" or "CMS young collection pauses" => (GcKind.Young, Collectors.Cms),
        "CMS" or "CMS old collection pauses" => (GcKind.Unknown, Collectors.Cms),
        "G1 incremental collections" or "G1 young collection pauses" => (GcKind.Young, Collectors.G1),
        "G1 stop-the-world full collections" or "G1 full collection pauses" => (GcKind.Full, Collectors.G1),
        "G1 concurrent cycle pauses" => (GcKind.Cleanup, Collectors.G1),
        _ when name.StartsWith("Z ", StringComparison.Ordinal) || name.StartsWith("ZGC ", StringComparison.Ordinal) => (GcKind.Cleanup, Collectors.Zgc),
        _ => (GcKind.Unknown, Collectors.Unknown),
    };
}
