using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A setting of a control group that a fault changes: a whole file, or a device's line in one.</summary>
/// <param name="File">The file's name: <c>cpu.max</c>.</param>
/// <param name="Device">The device whose line it is, <c>8:0</c>; empty for the whole file.</param>
/// <param name="Prior">What stood there, byte for byte but for the end of the line; empty for a device that has no line.</param>
/// <param name="Set">What the fault lets stand there, as the kernel will show it.</param>
/// <param name="Reset">What is written to have <paramref name="Prior"/> again.</param>
internal sealed record GroupSetting(string File, string Device, string Prior, string Set, string Reset)
{
    /// <summary>A whole file.</summary>
    public static GroupSetting Whole(string file, string prior, string set) => new(file, "", prior, set, prior);

    /// <summary>What stands there now; null if the group is gone.</summary>
    public string? Current(ControlGroup group) => group.Read(File) is not { } text ? null : Device.Length == 0 ? text : LineOf(text, Device);

    /// <summary>Writes a value.</summary>
    /// <exception cref="IOException">The kernel does not take it, or the group is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It is denied to this user.</exception>
    public void Write(ControlGroup group, string value)
    {
        using var file = System.IO.File.OpenHandle(group.File(File), FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
        // The kernel takes a value in one piece.
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(Device.Length == 0 ? value : $"{Device} {value}"), 0);
    }

    /// <summary>A device's line without the device; empty if it has none, or one that limits nothing.</summary>
    internal static string LineOf(string text, string device)
    {
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(device + " ", StringComparison.Ordinal))?[(device.Length + 1)..].Trim() ?? "";
        return line.Split(' ').All(f => f.EndsWith("=max", StringComparison.Ordinal)) ? "" : line;
    }

    /// <summary>As an intent keeps it.</summary>
    public JsonObject Keep() => new() { ["file"] = File, ["device"] = Device, ["prior"] = Prior, ["set"] = Set, ["reset"] = Reset };

    /// <summary>As an intent has kept it.</summary>
    public static GroupSetting Kept(JsonNode kept) => new((string)kept["file"]!, (string)kept["device"]!, (string)kept["prior"]!, (string)kept["set"]!, (string)kept["reset"]!);
}
