using Pressure.Record;

namespace Pressure.Agent;

/// <summary>CPU time and run queue, from <c>/proc/stat</c>.</summary>
/// <param name="All">All cores together.</param>
/// <param name="Cores">The cores that are online, by number.</param>
/// <param name="Queue">Threads that compete for them; null if the text does not tell.</param>
internal sealed record KernelStat(CpuTimes All, IReadOnlyList<(int Core, CpuTimes Times)> Cores, RunQueue? Queue)
{
    public static KernelStat Parse(ReadOnlySpan<byte> text)
    {
        var all = default(CpuTimes);
        var cores = new List<(int, CpuTimes)>(Environment.ProcessorCount);
        int? running = null, blocked = null;
        var lines = new Lines(text);
        while (lines.Next(out var line))
        {
            var words = new Words(line);
            var name = words.Next();
            if (name.SequenceEqual("cpu"u8))
                all = CpuTimes.Parse(ref words);
            else if (name.StartsWith("cpu"u8) && char.IsAsciiDigit((char)name[3]))
                cores.Add(((int)Math.Min(KernelText.Number(name[3..]), int.MaxValue), CpuTimes.Parse(ref words)));
            else if (name.SequenceEqual("procs_running"u8))
                running = (int)Math.Min(words.Number(), int.MaxValue);
            else if (name.SequenceEqual("procs_blocked"u8))
                blocked = (int)Math.Min(words.Number(), int.MaxValue);
        }
        return new KernelStat(all, cores, running is { } r && blocked is { } b ? new RunQueue(r, b) : null);
    }

    /// <summary>Shares of each core's time since an earlier reading. A core that is new counts from the next time on.</summary>
    public CpuShares[] PerCore(KernelStat before)
    {
        var shares = new CpuShares[Cores.Count];
        for (var i = 0; i < shares.Length; i++)
        {
            var (core, now) = Cores[i];
            var then = i < before.Cores.Count && before.Cores[i].Core == core ? before.Cores[i] : before.Cores.FirstOrDefault(c => c.Core == core, (Core: core, Times: now));
            shares[i] = now.Since(then.Times);
        }
        return shares;
    }
}
