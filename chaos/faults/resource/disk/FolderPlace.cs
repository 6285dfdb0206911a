using System.Globalization;

namespace Pressure.Faults;

/// <summary>A folder that is reached below some root, and never outside of it, whatever links lie on the way.</summary>
/// <param name="Root">The root: <c>/</c>, <c>/proc/PID/root</c>, the folder that a container's is mounted from.</param>
/// <param name="Path">The folder below it.</param>
internal readonly record struct FolderPlace(string Root, string Path)
{
    /// <summary>A place of a folder in a process's world.</summary>
    public static FolderPlace Of(int pid, string path) => new($"/proc/{pid}/root", path);

    /// <summary>Opens it; null if there is no such folder.</summary>
    public OpenFolder? Open() => KernelCalls.OpenInside(Root, Path.Length == 0 ? "." : Path) is >= 0 and var descriptor ? new OpenFolder(descriptor) : null;

    /// <summary>
    /// Where a folder of a container lies on the host, so that it is found there when the container has ended; null if nowhere. <c>null</c> with
    /// <c>Vanishes</c> if what is written there goes with the container.
    /// </summary>
    public static (FolderPlace? OnHost, bool Vanishes) Outside(int pid, OpenFolder folder)
    {
        var inside = folder.RealPath;
        if (Mounts.Of(pid.ToString(CultureInfo.InvariantCulture)).Holding(inside) is not { } mount)
            return (null, false);
        var rest = Mount.Below(mount.Point, inside)!;
        if (mount.Type == "overlay")
            return (mount.Option("upperdir") is { } upper ? new FolderPlace(upper, rest) : null, false);
        var host = Mounts.Of("self").Where(m => m.Device == mount.Device).Select(m => m.Shows(mount.Root)).FirstOrDefault(p => p is not null);
        return (host is null ? null : new FolderPlace(host, rest), mount.Type is "tmpfs" or "ramfs");
    }
}

/// <summary>An open folder: what is done in it is done in this one, whatever its path leads to meanwhile.</summary>
internal sealed class OpenFolder(int descriptor) : IDisposable
{
    /// <summary>Its path as this process can use it.</summary>
    public string Path => $"/proc/self/fd/{descriptor}";

    /// <summary>Its path in the world that it belongs to, without links.</summary>
    public string RealPath => new FileInfo(Path).LinkTarget ?? "";

    /// <summary>A file in it.</summary>
    public string File(string name) => $"{Path}/{name}";

    /// <inheritdoc/>
    public void Dispose() => _ = KernelCalls.Close(descriptor);
}
