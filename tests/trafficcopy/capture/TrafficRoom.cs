using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Pressure.TrafficCopy.Tests;

/// <summary>
/// A network of its own with nginx in it (port 80 of every address), for captures of real traffic: <c>/small</c> is a short answer, <c>/big</c> a file
/// of a megabyte. Reached inside over loopback and from here over the wire, or over a VXLAN through it.
/// </summary>
public sealed class TrafficRoom : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly TempFolder _folder = new();
    private readonly NginxInFolder _nginx;

    /// <summary>Makes it.</summary>
    /// <param name="servers">More of nginx's configuration, within <c>http</c>.</param>
    /// <param name="prepare">Lays files into its folder that these need.</param>
    public TrafficRoom(string servers = "", Action<TempFolder>? prepare = null)
    {
        prepare?.Invoke(_folder);
        Directory.CreateDirectory(_folder.File("www"));
        File.WriteAllBytes(_folder.File("www/big"), [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31 >> 3))]);
        _nginx = new(_folder, $$"""
            access_log access.log;
            server { listen 80; listen [::]:80; root www; location = /small { return 200 "small\n"; } }
            {{servers}}
            """, _network);
        Do("curl", "-sS", "--retry", "50", "--retry-connrefused", "--retry-delay", "0", "--retry-max-time", "20", "http://127.0.0.1/small");
    }

    /// <summary>Its network.</summary>
    public NetworkNamespace Network => _network;

    /// <summary>A path in its folder.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Runs a program inside to its end; its output.</summary>
    public string Do(string program, params IEnumerable<string> arguments) => _network.Do(program, arguments);

    /// <summary>Runs a program here, to its end; its output.</summary>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said.Result}");
    }

    /// <summary>Lays a VXLAN through the wire, of packets so large that the wire has to have them in fragments; the address of its other end.</summary>
    public string LayVxlan()
    {
        // Number and addresses after the wire's own: another room on this machine has one too.
        var (here, there) = (Inner(_network.Here), Inner(_network.There));
        var number = Number(_network.Here);
        Run("ip", "link", "add", Vxlan, "type", "vxlan", "id", number, "remote", _network.There.ToString(), "local", _network.Here.ToString(), "dstport", "4789");
        Run("ip", "addr", "add", here + "/30", "dev", Vxlan);
        Run("ip", "link", "set", Vxlan, "mtu", "4000", "up");
        // Else TCP learns how little fits through the wire, and sends no more.
        Do("sysctl", "-qw", "net.ipv4.ip_no_pmtu_disc=1");
        Do("ip", "link", "add", "vx", "type", "vxlan", "id", number, "remote", _network.Here.ToString(), "local", _network.There.ToString(), "dstport", "4789");
        Do("ip", "addr", "add", there + "/30", "dev", "vx");
        Do("ip", "link", "set", "vx", "mtu", "4000", "up");
        return there;
    }

    /// <summary>Captures with tcpdump inside while something is done; the files' paths.</summary>
    /// <param name="captures">Name of the file, without an ending, and tcpdump's arguments.</param>
    /// <param name="deed">What is done meanwhile.</param>
    public IReadOnlyList<string> Capture(IEnumerable<(string Name, string Arguments)> captures, Action deed)
    {
        var files = captures.Select(c => (File: _folder.File(c.Name + ".pcap"), c.Arguments)).ToList();
        // Its own user may not write here, hence -Z. Captured at once, each packet takes as much of the buffer as the largest may.
        var running = files.ConvertAll(c => Start(Inside("tcpdump", ["-w", c.File, "-U", "--immediate-mode", "-B", "65536", "-s", "70000", "-n", "-Z", "root", .. c.Arguments.Split(' ')])));
        try
        {
            foreach (var one in running)
                WaitFor(one, "listening on");
            deed();
            UntilWritten(files.ConvertAll(f => new FileInfo(f.File)), running);
            foreach (var one in running)
            {
                Run("kill", "-INT", one.Id.ToString(CultureInfo.InvariantCulture));
                WaitFor(one, "\n0 packets dropped by kernel");
                one.WaitForExit();
            }
        }
        finally
        {
            // Whatever went wrong, none is left behind.
            foreach (var one in running)
            {
                one.Kill();
                one.WaitForExit();
                one.Dispose();
            }
        }
        return files.ConvertAll(f => f.File);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _nginx.Dispose();
        _network.Dispose();
        using (var gone = Process.Start(new ProcessStartInfo("ip", ["link", "del", Vxlan]) { RedirectStandardError = true })!)
            gone.WaitForExit();
        _folder.Dispose();
    }

    private string Vxlan => _network.Device + "x";

    private static string Inner(IPAddress wire) => $"10.214.{wire.GetAddressBytes()[2]}.{wire.GetAddressBytes()[3]}";

    private static string Number(IPAddress wire) => ((wire.GetAddressBytes()[2] << 8) | wire.GetAddressBytes()[3]).ToString(CultureInfo.InvariantCulture);

    private static Process Start(ProcessStartInfo start) => Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");

    private ProcessStartInfo Inside(string program, params IEnumerable<string> arguments)
    {
        var start = _network.Inside(program, arguments);
        start.RedirectStandardError = true;
        return start;
    }

    // tcpdump ends at once when it is told to, whatever it has not read yet.
    private static void UntilWritten(List<FileInfo> files, List<Process> running)
    {
        // An end of a connection that was lost is sent again after 0.2 s, then 0.4: nothing for a second is the end.
        var (before, still) = (-1L, 0);
        for (var attempt = 0; still < 10 && attempt < 300; attempt++)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(100);
            files.ForEach(f => f.Refresh());
            var now = files.Sum(f => f.Length);
            still = now == before && running.TrueForAll(r => Tcpdump.IsIdle(r.Id)) ? still + 1 : 0;
            before = now;
        }
    }

    private static void WaitFor(Process process, string words)
    {
        var said = "";
        while (process.StandardError.ReadLine() is { } line)
        {
            said += "\n" + line;
            if (said.Contains(words, StringComparison.Ordinal))
                return;
        }
        throw new InvalidOperationException($"tcpdump did not say '{words}' but: {said}");
    }
}
