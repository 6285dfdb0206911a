using System.Buffers;
using System.Text;

namespace Pressure.Agent;

/// <summary>Where a container's control groups are: the folders of its figures, below the mount of the control groups' file system.</summary>
/// <remarks>With version 2 all three are the same; with version 1 each controller is a tree of its own. A folder is null where a controller has no group for the container.</remarks>
/// <param name="Id">The container's whole id, 64 hex digits.</param>
/// <param name="Unified">Whether it is version 2.</param>
/// <param name="Usage">Folder with the CPU time used.</param>
/// <param name="Cpu">Folder with the limit of the CPU.</param>
/// <param name="Memory">Folder with the memory.</param>
internal sealed record ContainerPath(string Id, bool Unified, string? Usage, string? Cpu, string? Memory)
{
    private const int IdLength = 64;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>The id of the container that a process is in, from its <c>/proc/PID/cgroup</c>; empty if it is in none.</summary>
    public static ReadOnlySpan<byte> IdIn(ReadOnlySpan<byte> text)
    {
        var lines = new Lines(text);
        while (lines.Next(out var line))
        {
            if (Find(PathOf(line)) is var (start, _) && start >= 0)
                return PathOf(line).Slice(start, IdLength);
        }
        return default;
    }

    /// <summary>The folders of the container that a process is in; null if it is in none.</summary>
    /// <param name="text">Its <c>/proc/PID/cgroup</c>.</param>
    /// <param name="root">Where the control groups are mounted.</param>
    public static ContainerPath? Parse(ReadOnlySpan<byte> text, string root)
    {
        var id = IdIn(text);
        if (id.IsEmpty)
            return null;
        string? usage = null, cpu = null, memory = null, unified = null;
        var separate = false;
        var lines = new Lines(text);
        while (lines.Next(out var line))
        {
            var path = PathOf(line);
            var controllers = Controllers(line);
            var folder = Folder(path, id);
            if (controllers.IsEmpty)
                unified = folder;
            Take(controllers, "cpuacct"u8, ref usage);
            Take(controllers, "cpu"u8, ref cpu);
            Take(controllers, "memory"u8, ref memory);

            void Take(ReadOnlySpan<byte> controllers, ReadOnlySpan<byte> controller, ref string? into)
            {
                if (!Has(controllers, controller))
                    return;
                separate = true;
                into = folder is null ? null : $"{root}/{Encoding.UTF8.GetString(controller)}{folder}";
            }
        }
        if (separate)
            return new ContainerPath(Encoding.UTF8.GetString(id), false, usage, cpu, memory);
        var all = unified is null ? null : root + unified;
        return new ContainerPath(Encoding.UTF8.GetString(id), true, all, all, all);
    }

    /// <summary>The container's folder on a path; null if it is not there, or outside of what this process may see.</summary>
    private static string? Folder(ReadOnlySpan<byte> path, ReadOnlySpan<byte> id)
    {
        var (start, end) = Find(path);
        return start >= 0 && path.Slice(start, IdLength).SequenceEqual(id) && path.IndexOf("/../"u8) < 0 ? Encoding.UTF8.GetString(path[..end]) : null;
    }

    /// <summary>Where the outermost container's id begins in a path, and where its folder's name ends; -1 if there is none.</summary>
    /// <remarks>
    /// Docker: <c>/docker/ID</c>, <c>/system.slice/docker-ID.scope</c>. Kubernetes: <c>/kubepods/burstable/podUID/ID</c>,
    /// <c>/kubepods.slice/.../cri-containerd-ID.scope</c>, <c>...:cri-containerd:ID</c>. Podman: <c>/machine.slice/libpod-ID.scope/container</c>,
    /// where <c>libpod-conmon-ID.scope</c> is the process that watches it.
    /// </remarks>
    internal static (int Start, int End) Find(ReadOnlySpan<byte> path)
    {
        for (var begin = 0; begin < path.Length;)
        {
            var length = path[begin..].IndexOf((byte)'/');
            var folder = length < 0 ? path[begin..] : path.Slice(begin, length);
            var name = folder.EndsWith(".scope"u8) ? folder[..^".scope".Length] : folder;
            if (name.Length >= IdLength && IsId(name[^IdLength..]) && name[..^IdLength] is var before && (before.IsEmpty || before[^1] is (byte)'-' or (byte)':') && before.IndexOf("conmon"u8) < 0)
                return (begin + before.Length, begin + folder.Length);
            begin += folder.Length + 1;
        }
        return (-1, -1);
    }

    private static bool IsId(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>A line is <c>number:controllers:path</c>.</summary>
    private static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> line)
    {
        var rest = line[(line.IndexOf((byte)':') + 1)..];
        var colon = rest.IndexOf((byte)':');
        return colon < 0 ? default : rest[(colon + 1)..];
    }

    private static ReadOnlySpan<byte> Controllers(ReadOnlySpan<byte> line)
    {
        var rest = line[(line.IndexOf((byte)':') + 1)..];
        var colon = rest.IndexOf((byte)':');
        return colon < 0 ? default : rest[..colon];
    }

    private static bool Has(ReadOnlySpan<byte> controllers, ReadOnlySpan<byte> controller)
    {
        foreach (var range in controllers.Split((byte)','))
        {
            if (controllers[range].SequenceEqual(controller))
                return true;
        }
        return false;
    }
}
