using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Pressure.TestKit;

/// <summary>A network of its own for a test, joined to this one by a single wire that can be cut. Gone with the test; needs root.</summary>
public sealed class NetworkNamespace : IDisposable
{
    private const int Network = 0x40000000;
    private const int Networks = 16_384;

    // Processes begin far apart (10,125 is the golden section of the networks, and shares no divisor with them), so that they seldom meet.
    private static int _number = (int)(Environment.ProcessId * 10_125L % Networks);

    private readonly string _name;

    private NetworkNamespace(string name, IPAddress here, IPAddress there) => (_name, Here, There) = (name, here, there);

    /// <summary>This end of the wire.</summary>
    public IPAddress Here { get; }

    /// <summary>Its device.</summary>
    public string Device => _name + "a";

    /// <summary>The other end.</summary>
    public IPAddress There { get; }

    /// <summary>Makes one.</summary>
    public static NetworkNamespace Create()
    {
        // One out of 16,384 small networks; whoever finds it taken, by tests side by side or left over, tries the next.
        for (var tried = 0; tried < Networks; tried++)
        {
            var number = (int)((uint)Interlocked.Increment(ref _number) % Networks);
            if (TryCreate(number) is { } made)
                return made;
        }
        throw new InvalidOperationException("All networks for tests are taken: delete those that are left over (ip netns del NAME)");
    }

    private static NetworkNamespace? TryCreate(int number)
    {
        var (third, fourth) = ((byte)(number >> 6), (byte)((number & 63) << 2));
        var made = new NetworkNamespace($"pt{number}", new IPAddress([10, 212, third, (byte)(fourth + 1)]), new IPAddress([10, 212, third, (byte)(fourth + 2)]));
        // Not ours to take down, if it is there.
        if (!TryIp($"netns add {made._name}"))
            return null;
        try
        {
            // Its wire may outlive a network that somebody still runs in.
            if (TryIp($"link add {made._name}a type veth peer name {made._name}b netns {made._name}"))
            {
                made.Lay();
                return made;
            }
        }
        catch
        {
            made.Dispose();
            throw;
        }
        made.Dispose();
        return null;
    }

    /// <summary>A program and its arguments, to be run inside.</summary>
    public ProcessStartInfo Inside(string program, params IEnumerable<string> arguments) => new("ip", ["netns", "exec", _name, program, .. arguments]);

    /// <summary>Does something inside, above all making sockets: they stay there, whoever uses them.</summary>
    public T Within<T>(Func<T> deed) => Within($"/run/netns/{_name}", deed);

    /// <summary>Does something inside a network by its file: <c>/proc/1/ns/net</c>.</summary>
    public static T Within<T>(string network, Func<T> deed)
    {
        T? done = default;
        Exception? wrong = null;
        // A thread of its own, since it does not come back.
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle(network, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                if (SetNamespace(file.DangerousGetHandle().ToInt32(), Network) != 0)
                    throw new IOException($"{network} can't be entered (tests with networks need root)");
                done = deed();
            }
            catch (Exception e)
            {
                wrong = e;
            }
        });
        thread.Start();
        thread.Join();
        return wrong is null ? done! : throw new IOException($"In {network}: {wrong.Message}", wrong);
    }

    /// <summary>Runs a program inside to its end; its output.</summary>
    public string Do(string program, params IEnumerable<string> arguments) => Run(Inside(program, arguments));

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

    /// <summary>Whether it could be made; false if there is one of that name.</summary>
    private static bool TryIp(string line)
    {
        try
        {
            Ip(line);
            return true;
        }
        catch (InvalidOperationException e) when (e.Message.Contains("File exists", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static void Ip(string line) => Run(new ProcessStartInfo("ip", line.Split(' ')));

    private static string Run(ProcessStartInfo start)
    {
        (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {said.Result}");
    }

    [DllImport("libc", EntryPoint = "setns")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int descriptor, int kind);

    private void Lay()
    {
        Ip($"addr add {Here}/30 dev {_name}a");
        Ip($"link set {_name}a up");
        Ip($"-n {_name} addr add {There}/30 dev {_name}b");
        Ip($"-n {_name} link set {_name}b up");
        Ip($"-n {_name} link set lo up");
    }
}
