namespace Pressure.Agent;

/// <summary>Bytes read from and written to each physical disk, from <c>/proc/diskstats</c>.</summary>
/// <remarks>Partitions, loop and RAM devices and those stacked on others (dm, md) are left out: their bytes are not the disks', or count twice.</remarks>
internal static class DiskStats
{
    private const int Name = 2, SectorsRead = 5, SectorsWritten = 9;

    /// <summary>The unit of the file, whatever the disk's own sector is.</summary>
    private const ulong SectorBytes = 512;

    private static readonly string[] NotPhysical = ["loop", "ram", "zram", "dm-", "md"];

    public static ByteCounters Parse(string text)
    {
        var rows = ProcTable.Rows(text).Where(row => row.Length > SectorsWritten).ToList();
        var names = rows.Select(row => row[Name]).ToHashSet();
        var disks = new Dictionary<string, (ulong In, ulong Out)>();
        foreach (var row in rows.Where(row => IsPhysical(row[Name], names)))
            disks[row[Name]] = (ProcTable.Number(row, SectorsRead) * SectorBytes, ProcTable.Number(row, SectorsWritten) * SectorBytes);
        return new ByteCounters(disks);
    }

    private static bool IsPhysical(string name, HashSet<string> names) =>
        !NotPhysical.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && !(Disk(name) is { } disk && names.Contains(disk));

    /// <summary>The disk whose partition a device would be: <c>sda1</c> is of <c>sda</c>, <c>nvme0n1p2</c> of <c>nvme0n1</c>.</summary>
    private static string? Disk(string name)
    {
        var rest = name.TrimEnd("0123456789".ToCharArray());
        if (rest.Length == name.Length)
            return null;
        // Disks whose own name ends in a digit put a "p" before the partition's number.
        return rest.Length > 1 && rest[^1] == 'p' && char.IsAsciiDigit(rest[^2]) ? rest[..^1] : rest;
    }
}
