using System.Globalization;
using System.Text.RegularExpressions;

namespace Pressure.Chaos;

/// <summary>What this machine must not lose: what strikes, what it descends from, what it needs, what carries the machine.</summary>
public static partial class OwnProtection
{
    /// <summary>Commands of what carries a machine or belongs to us, on every host.</summary>
    private static readonly string[] Commands =
    [
        "pressure", "pressure-agent", "init", "systemd", "systemd-*", "dockerd", "docker-proxy", "containerd", "containerd-shim*", "runc", "crio", "conmon", "kubelet", "k3s*", "sshd*", "dbus-daemon", "agetty", "login",
    ];

    /// <summary>Protects this process and all that it descends from, whatever listens on ports that it needs, and the containers that they run in.</summary>
    /// <param name="ports">Ports of this host that the service needs: its broker's, its database's.</param>
    public static Protection Of(IReadOnlyCollection<int>? ports = null) => Of(Environment.ProcessId, ports ?? [], "/proc");

    internal static Protection Of(int own, IReadOnlyCollection<int> ports, string proc)
    {
        HashSet<int> pids = [];
        foreach (var pid in ListeningProcesses.Of(ports, proc).Append(own))
            pids.UnionWith(Line(pid, proc));
        // The first process carries the machine, or the container that we are in; it is protected as such.
        return Protection.Usual with { Pids = [.. pids.Order()], Commands = Commands, Containers = [.. pids.SelectMany(p => ContainersOf(p, proc)).Distinct()] };
    }

    /// <summary>A process and those that it descends from.</summary>
    private static HashSet<int> Line(int pid, string proc)
    {
        HashSet<int> line = [];
        for (int? at = pid; at is > 0 && line.Add(at.Value);)
            at = Text(Path.Combine(proc, $"{at}", "status")) is { } status && Parent().Match(status) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
        return line;
    }

    /// <summary>
    /// The containers that a process runs in, by what its control groups are called, or, where it sees only its own end of them, by
    /// where its mounts come from.
    /// </summary>
    private static IEnumerable<string> ContainersOf(int pid, string proc) =>
        Id().Matches(Text(Path.Combine(proc, $"{pid}", "cgroup")) ?? "").Select(m => m.Value)
            .Concat(Mount().Matches(Text(Path.Combine(proc, $"{pid}", "mountinfo")) ?? "").Select(m => m.Groups[1].Value));

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's: then it is none of ours.
            return null;
        }
    }

    [GeneratedRegex(@"^PPid:\s*([0-9]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Parent();

    [GeneratedRegex(@"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(@"/containers/([0-9a-f]{64})/(?:hostname|hosts|resolv\.conf) /etc/", RegexOptions.CultureInvariant)]
    private static partial Regex Mount();
}
