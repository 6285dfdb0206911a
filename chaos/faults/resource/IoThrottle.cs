using System.Globalization;

namespace Pressure.Faults;

/// <summary>Limits how fast a container, or the control group of a process, reads from and writes to the disk behind a folder.</summary>
internal sealed class IoThrottle(FaultTools tools, TargetKind target) : GroupFault(tools)
{
    /// <summary>Operations per second are left as they are; without a limit of its own a device has no line.</summary>
    private const string NoLimit = "rbps=max wbps=max riops=max wiops=max";

    /// <inheritdoc/>
    public override FaultDescription Description { get; } = new()
    {
        Kind = TargetNames.Kind("io-throttle", target),
        Summary = $"Limits reading and writing of a disk {TargetNames.Inside(target)}; the former limits are put back.",
        Target = target,
        Parameters =
        [
            new("read", ParameterType.Bytes, "bytes per second that can be read; not limited when left away", ""),
            new("write", ParameterType.Bytes, "bytes per second that can be written; not limited when left away", ""),
            new("path", ParameterType.Text, "folder, as the target sees it, on the disk that is meant", "/"),
        ],
    };

    /// <inheritdoc/>
    protected override string Controller => "blkio";

    /// <summary>Finds the disk behind a folder of a process.</summary>
    internal Func<int, string, string?> Disk { get; init; } = BlockDevice.Behind;

    /// <inheritdoc/>
    protected override (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Plan(FaultOrder order, ControlGroup group, HostProcess process)
    {
        var read = FaultArguments.Bytes(FaultArguments.Text(Description, order.Arguments, "read"));
        var write = FaultArguments.Bytes(FaultArguments.Text(Description, order.Arguments, "write"));
        var path = FaultArguments.Text(Description, order.Arguments, "path")!;
        if (read is null && write is null || read == 0 || write == 0)
            return ([], new($"{Description.Kind} needs read or write, above 0.", "Give bytes per second: read 1MiB."));
        if (Disk(process.Pid, path) is not { } disk)
            return ([], new($"No disk is behind {path} of {order.Target.Label}: there is no such folder, or it lies in memory or on the network.", "Name a folder on a disk."));
        return group.Unified ? Version2(group, disk, read, write) : Version1(group, disk, read, write);
    }

    private static (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Version1(ControlGroup group, string disk, long? read, long? write)
    {
        List<GroupSetting> settings = [];
        foreach (var (file, limit) in new[] { ("blkio.throttle.read_bps_device", read), ("blkio.throttle.write_bps_device", write) })
        {
            if (limit is null)
                continue;
            if (group.Read(file) is not { } text)
                return ([], NotKept(group));
            var prior = GroupSetting.LineOf(text, disk);
            settings.Add(new GroupSetting(file, disk, prior, Text(limit.Value), prior.Length == 0 ? "0" : prior));
        }
        return (settings, null);
    }

    private static (IReadOnlyList<GroupSetting> Settings, Preparation.Refused? Refusal) Version2(ControlGroup group, string disk, long? read, long? write)
    {
        if (group.Read("io.max") is not { } text)
            return ([], NotKept(group));
        var prior = GroupSetting.LineOf(text, disk);
        var set = (prior.Length == 0 ? NoLimit : prior).Split(' ').Select(f => f.Split('=')[0] switch
        {
            "rbps" when read is { } limit => $"rbps={Text(limit)}",
            "wbps" when write is { } limit => $"wbps={Text(limit)}",
            _ => f,
        });
        return ([new GroupSetting("io.max", disk, prior, string.Join(' ', set), prior.Length == 0 ? NoLimit : prior)], null);
    }

    private static Preparation.Refused NotKept(ControlGroup group) => new($"The kernel keeps no limits of disks for {group.Path}.", "A kernel with block throttling is needed, and with version 2 the controller io in cgroup.subtree_control of the group above.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
