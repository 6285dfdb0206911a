using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Samples the machine that this process runs on, from <c>/proc</c>. What the kernel does not tell is zero.</summary>
/// <param name="time">Measures what has really passed between two calls.</param>
/// <param name="proc">Where the proc file system is mounted.</param>
public sealed class LocalHost(TimeProvider? time = null, string proc = "/proc") : IHostSource
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private Counters? _before;

    /// <inheritdoc/>
    public string Host => "local";

    /// <inheritdoc/>
    public HostSample? Sample(TimeSpan at)
    {
        var now = new Counters(_time.GetTimestamp(), CpuTimes.Parse(Read("stat")), NetDev.Parse(Read("net/dev")), DiskStats.Parse(Read("diskstats")));
        if (_before is not { } before)
        {
            _before = now;
            return null;
        }
        var elapsed = _time.GetElapsedTime(before.Timestamp, now.Timestamp);
        if (elapsed <= TimeSpan.Zero)
            return null;
        _before = now;
        var memory = Memory.Parse(Read("meminfo"));
        return new HostSample
        {
            Host = Host,
            At = at,
            Cores = now.Cpu.Cores > 0 ? now.Cpu.Cores : Environment.ProcessorCount,
            Cpu = now.Cpu.Since(before.Cpu),
            Load = LoadAverage.Parse(Read("loadavg")),
            MemoryTotal = memory.Total,
            MemoryUsed = memory.Used,
            Network = now.Network.Since(before.Network, elapsed),
            Disk = now.Disks.Since(before.Disks, elapsed),
            Sockets = SockStat.Parse(Read("net/sockstat")),
        };
    }

    private string Read(string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(proc, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // hidden in some containers
        }
    }

    private sealed record Counters(long Timestamp, CpuTimes Cpu, ByteCounters Network, ByteCounters Disks);
}
