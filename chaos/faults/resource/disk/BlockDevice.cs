using System.Globalization;

namespace Pressure.Faults;

/// <summary>Finds the disk that a folder lies on.</summary>
internal static class BlockDevice
{
    /// <summary>The disk behind a folder as a process sees it, <c>8:0</c>; null if there is none (memory, network) or no such folder.</summary>
    public static string? Behind(int pid, string path)
    {
        var folder = KernelCalls.OpenInside($"/proc/{pid}/root", path);
        if (folder < 0)
            return null;
        try
        {
            var device = KernelCalls.Device($"/proc/self/fd/{folder}");
            if (device is (0, var minor))
            {
                // Layers on each other: what is written goes to the upper one.
                var upper = Mounts.Of(pid.ToString(CultureInfo.InvariantCulture)).FirstOrDefault(m => m.Device == $"0:{minor}" && m.Type == "overlay")?.Option("upperdir");
                device = upper is null ? null : KernelCalls.Device(upper);
            }
            return device is ( > 0, _) and var (major, number) ? Whole(major, number) : null;
        }
        finally
        {
            _ = KernelCalls.Close(folder);
        }
    }

    /// <summary>The whole disk of a partition: limits are for disks.</summary>
    private static string? Whole(uint major, uint minor)
    {
        var own = $"/sys/dev/block/{major}:{minor}";
        if (!Directory.Exists(own))
            return null;
        return File.Exists($"{own}/partition") && new DirectoryInfo(own).ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo { Parent: { } disk } && File.Exists($"{disk.FullName}/dev")
            ? File.ReadAllText($"{disk.FullName}/dev").Trim()
            : $"{major}:{minor}";
    }
}
