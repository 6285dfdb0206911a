using System.Diagnostics;

namespace Pressure.TestKit;

/// <summary>tcpdump, capturing on loopback into a file until it is told to stop; nothing is lost, or it says so. Needs root.</summary>
public sealed class Tcpdump : IDisposable
{
    private readonly Process _process;
    private readonly string _file;

    private Tcpdump(Process process, string file) => (_process, _file) = (process, file);

    /// <summary>Starts it, and returns when it captures.</summary>
    /// <param name="file">What it writes.</param>
    /// <param name="filter">Which packets: <c>tcp port 6379</c>.</param>
    public static Tcpdump Start(string file, string filter)
    {
        // Its own user may not write anywhere, hence -Z.
        string[] options = ["-i", "lo", "-w", file, "-U", "--immediate-mode", "-B", "131072", "-s", "70000", "-n", "-Z", "root", filter];
        var process = Process.Start(new ProcessStartInfo("tcpdump", options) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("tcpdump did not start");
        var capture = new Tcpdump(process, file);
        capture.WaitFor("tcpdump: listening on");
        return capture;
    }

    /// <summary>Stops it once all is written that has been captured.</summary>
    public async Task StopAsync()
    {
        // It ends at once when it is told to, whatever it has not read yet.
        for (var (before, still) = (-1L, 0); still < 3; await Task.Delay(100))
        {
            var now = new FileInfo(_file).Length;
            still = now == before && IsIdle(_process.Id) ? still + 1 : 0;
            before = now;
        }

        using (var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        WaitFor("0 packets dropped by kernel");
        await _process.WaitForExitAsync();
    }

    /// <summary>Whether a tcpdump waits for packets: it sleeps then. One that has some to read and gets no CPU does not sleep, though its file does not grow either.</summary>
    public static bool IsIdle(int process) => ProcFile.Read(process, "stat") is not { } stat || stat[(stat.LastIndexOf(')') + 2)..] is ['S' or 'Z', ..];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void WaitFor(string begin)
    {
        var said = "";
        while (_process.StandardError.ReadLine() is { } line)
        {
            said += line + '\n';
            if (line.StartsWith(begin, StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"tcpdump did not say '{begin}' but: {said}");
    }
}
