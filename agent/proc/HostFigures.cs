using Pressure.Record;

namespace Pressure.Agent;

/// <summary>The host as a whole, sample after sample, from <c>/proc</c>. What the kernel does not tell is zero, or null where a sample may lack it.</summary>
internal sealed class HostFigures(KernelFiles files, string proc, TimeProvider time, Func<int[]?> countSockets)
{
    private readonly TcpWatch _tcp = new(files, proc + "/net", time, countSockets);
    private Counters? _before;

    /// <summary>What has passed since the last call; null when there is nothing to compare with yet (the first call), or no time has passed.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="at">The sample's <see cref="HostSample.At"/>.</param>
    public HostSample? Sample(string host, TimeSpan at)
    {
        var timestamp = time.GetTimestamp();
        var elapsed = _before is null ? default : time.GetElapsedTime(_before.Timestamp, timestamp);
        if (_before is not null && elapsed <= TimeSpan.Zero)
            return null;
        var before = _before;
        var now = _before = new Counters(
            timestamp,
            KernelStat.Parse(files.Read(proc + "/stat")),
            Interfaces.Parse(files.Read(proc + "/net/dev"), before?.Network),
            DiskStats.Parse(files.Read(proc + "/diskstats"), before?.Disks));
        var tcp = _tcp.Figures(elapsed);
        return before is null ? null : Compare(host, at, before, now, elapsed) with { Tcp = tcp };
    }

    private HostSample Compare(string host, TimeSpan at, Counters before, Counters now, TimeSpan elapsed)
    {
        var memory = Memory.Parse(files.Read(proc + "/meminfo"));
        var disks = now.Disks.Since(before.Disks, elapsed);
        return new HostSample
        {
            Host = host,
            At = at,
            Over = elapsed,
            Cores = now.Cpu.Cores.Count > 0 ? now.Cpu.Cores.Count : Environment.ProcessorCount,
            Cpu = now.Cpu.All.Since(before.Cpu.All),
            PerCore = now.Cpu.PerCore(before.Cpu),
            RunQueue = now.Cpu.Queue,
            Load = LoadAverage.Parse(files.Read(proc + "/loadavg")),
            MemoryTotal = memory.Total,
            MemoryUsed = memory.Used,
            Swap = memory.Swap,
            Network = now.Network.BytesSince(before.Network, elapsed, loopback: true),
            Interfaces = Interfaces.Named(now.Network.Since(before.Network, elapsed)),
            Disk = new ByteRates(disks.Sum(d => d.Bytes.In), disks.Sum(d => d.Bytes.Out)),
            Disks = disks,
            Sockets = Sockets(),
        };
    }

    /// <summary>The first line counts all families, IPv6 and Unix included.</summary>
    private int Sockets()
    {
        var words = new Words(KernelText.Line(files.Read(proc + "/net/sockstat"), "sockets:"u8));
        words.Skip(1);
        return (int)Math.Min(words.Number(), int.MaxValue);
    }

    private sealed record Counters(long Timestamp, KernelStat Cpu, Interfaces Network, DiskStats Disks);
}
