using System.Diagnostics;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>nginx behind a wire, which logs what it is asked, and tcpdump that records it.</summary>
internal sealed class RecordedShop : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly TempFolder _folder = new();
    private readonly NginxInFolder _nginx;
    private int _counted;

    public RecordedShop()
    {
        _nginx = new(_folder, """
            log_format asked "$request_method $uri $http_x_source"; access_log access.log asked; keepalive_requests 40;
            server { listen 80; location / { return 200 "hello\n"; } location /gone { return 404; } location /moved { return 302 /cart; } }
            """, _network);
        _network.Do("curl", "-sS", "--retry", "50", "--retry-connrefused", "--retry-delay", "0", "--retry-max-time", "20", "http://127.0.0.1/ready");
        Asked();
    }

    public string Host => _network.There.ToString();

    public string Url => $"http://{Host}";

    /// <summary>How often each method and path was asked for since the last call.</summary>
    public SortedDictionary<string, int> Asked()
    {
        var lines = File.ReadAllLines(_folder.File("access.log"));
        var fresh = lines.Skip(_counted).GroupBy(l => l).ToDictionary(g => g.Key, g => g.Count());
        _counted = lines.Length;
        return new(fresh, StringComparer.Ordinal);
    }

    /// <summary>Records what goes over the wire while something is done.</summary>
    public async Task RecordAsync(string file, Func<Task> deed)
    {
        // Each packet takes as much of the buffer as the longest may have: there is room for all of them, however long tcpdump does not get to read.
        using var tcpdump = Start("tcpdump", "-i", "any", "-w", file, "-U", "--immediate-mode", "-B", "65536", "-s", "16384", "-n", "-Z", "root", "tcp", "port", "80");
        await LineAsync(tcpdump, "listening on");
        await deed();
        // tcpdump ends at once when it is told to, whatever it has not read yet.
        for (var (before, still) = (-1L, 0); still < 10; await Task.Delay(100))
        {
            var now = new FileInfo(file).Length;
            still = now == before && Tcpdump.IsIdle(tcpdump.Id) ? still + 1 : 0;
            before = now;
        }
        using (var kill = Process.Start("kill", ["-INT", $"{tcpdump.Id}"]))
            await kill.WaitForExitAsync();
        await LineAsync(tcpdump, "0 packets dropped by kernel");
        await tcpdump.WaitForExitAsync();
    }

    public void Dispose()
    {
        _nginx.Dispose();
        _network.Dispose();
        _folder.Dispose();
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = _network.Inside(program, arguments);
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    private static async Task LineAsync(Process process, string words)
    {
        var said = "";
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said += line + "\n";
            if (line.Contains(words, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"tcpdump did not say '{words}' but: {said}");
    }
}
