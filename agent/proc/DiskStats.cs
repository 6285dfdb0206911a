using Pressure.Record;

namespace Pressure.Agent;

/// <summary>What a disk has done since boot.</summary>
internal readonly record struct DiskCounters(string Name, ulong BytesRead, ulong BytesWritten, ulong Reads, ulong Writes, ulong BusyMilliseconds);

/// <summary>The physical disks, from <c>/proc/diskstats</c>.</summary>
/// <remarks>Partitions, loop and RAM devices and those stacked on others (dm, md) are left out: their bytes are not the disks', or count twice.</remarks>
internal sealed class DiskStats(IReadOnlyList<DiskCounters> disks)
{
    /// <summary>The unit of the file, whatever the disk's own sector is.</summary>
    private const ulong SectorBytes = 512;

    private static readonly string[] NotPhysical = ["loop", "ram", "zram", "dm-", "md"];

    public IReadOnlyList<DiskCounters> Disks { get; } = disks;

    /// <remarks>major minor name; reads merged sectors ms; writes merged sectors ms; in flight, ms busy.</remarks>
    public static DiskStats Parse(ReadOnlySpan<byte> text, DiskStats? before = null)
    {
        var disks = new List<DiskCounters>(before?.Disks.Count ?? 8);
        var lines = new Lines(text);
        while (lines.Next(out var line))
        {
            var words = new Words(line);
            words.Skip(2);
            var name = words.Next();
            var reads = words.Number();
            words.Skip(1);
            var sectorsRead = words.Number();
            words.Skip(1);
            var writes = words.Number();
            words.Skip(1);
            var sectorsWritten = words.Next();
            if (sectorsWritten.IsEmpty)
                continue;
            words.Skip(2);
            var earlier = before is not null && disks.Count < before.Disks.Count ? before.Disks[disks.Count].Name : null;
            if (KernelText.Name(name, earlier) is var known && IsPhysical(known))
                disks.Add(new DiskCounters(known, sectorsRead * SectorBytes, KernelText.Number(sectorsWritten) * SectorBytes, reads, writes, words.Number()));
        }
        disks.RemoveAll(d => DiskOf(d.Name) is { } whole && disks.Exists(other => other.Name == whole));
        return new DiskStats(disks);
    }

    /// <summary>Rates of each. One that is new, or whose counters were reset, counts from the next time on.</summary>
    public DiskRates[] Since(DiskStats before, TimeSpan elapsed)
    {
        var rates = new DiskRates[Disks.Count];
        var seconds = elapsed.TotalSeconds;
        for (var i = 0; i < rates.Length; i++)
        {
            var now = Disks[i];
            var then = i < before.Disks.Count && before.Disks[i].Name == now.Name ? before.Disks[i] : before.Disks.FirstOrDefault(d => d.Name == now.Name, now);
            rates[i] = new DiskRates(
                now.Name,
                new ByteRates(KernelText.Passed(now.BytesRead, then.BytesRead) / seconds, KernelText.Passed(now.BytesWritten, then.BytesWritten) / seconds),
                KernelText.Passed(now.Reads, then.Reads) / seconds,
                KernelText.Passed(now.Writes, then.Writes) / seconds,
                Math.Min(1, KernelText.Passed(now.BusyMilliseconds, then.BusyMilliseconds) / elapsed.TotalMilliseconds));
        }
        return rates;
    }

    private static bool IsPhysical(string name)
    {
        foreach (var prefix in NotPhysical)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    /// <summary>The disk whose partition a device would be: <c>sda1</c> is of <c>sda</c>, <c>nvme0n1p2</c> of <c>nvme0n1</c>.</summary>
    private static string? DiskOf(string name)
    {
        var length = name.AsSpan().TrimEnd("0123456789").Length;
        if (length == name.Length)
            return null;
        // Disks whose own name ends in a digit put a "p" before the partition's number.
        return length > 1 && name[length - 1] == 'p' && char.IsAsciiDigit(name[length - 2]) ? name[..(length - 1)] : name[..length];
    }
}
