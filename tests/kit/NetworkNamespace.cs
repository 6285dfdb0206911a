using System.Diagnostics;
using System.Net;

namespace Pressure.TestKit;

/// <summary>A network of its own for a test, joined to this one by a single wire that can be cut. Gone with the test; needs root.</summary>
public sealed class NetworkNamespace : IDisposable
{
    private readonly string _name;

    private NetworkNamespace(string name, IPAddress here, IPAddress there) => (_name, Here, There) = (name, here, there);

    /// <summary>This end of the wire.</summary>
    public IPAddress Here { get; }

    /// <summary>The other end.</summary>
    public IPAddress There { get; }

    /// <summary>Makes one.</summary>
    public static NetworkNamespace Create()
    {
        // One out of 16,384 small networks, so that tests side by side do not meet.
        var number = Environment.ProcessId % 16_384;
        var (third, fourth) = ((byte)(number >> 6), (byte)((number & 63) << 2));
        var made = new NetworkNamespace($"pt{number}", new IPAddress([10, 213, third, (byte)(fourth + 1)]), new IPAddress([10, 213, third, (byte)(fourth + 2)]));
        try
        {
            made.Lay();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>A program and its arguments, to be run inside.</summary>
    public ProcessStartInfo Inside(string program, params IEnumerable<string> arguments) => new("ip", ["netns", "exec", _name, program, .. arguments]);

    /// <summary>Cuts the wire: whatever is sent is lost, and nobody is told.</summary>
    public void Cut()
    {
        Run(Inside("iptables", "-A", "OUTPUT", "-j", "DROP"));
        Run(Inside("iptables", "-A", "INPUT", "-j", "DROP"));
    }

    /// <summary>Mends it.</summary>
    public void Mend() => Run(Inside("iptables", "-F"));

    /// <summary>Takes it down.</summary>
    public void Dispose()
    {
        // The wire goes with the namespace.
        using var gone = Process.Start("ip", ["netns", "del", _name]);
        gone.WaitForExit();
    }

    private static void Ip(string line) => Run(new ProcessStartInfo("ip", line.Split(' ')));

    private static void Run(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {said}");
    }

    private void Lay()
    {
        Ip($"netns add {_name}");
        Ip($"link add {_name}a type veth peer name {_name}b netns {_name}");
        Ip($"addr add {Here}/30 dev {_name}a");
        Ip($"link set {_name}a up");
        Ip($"-n {_name} addr add {There}/30 dev {_name}b");
        Ip($"-n {_name} link set {_name}b up");
        Ip($"-n {_name} link set lo up");
    }
}
