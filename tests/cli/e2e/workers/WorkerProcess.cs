using System.Collections.Concurrent;
using System.Diagnostics;
using Pressure.TestKit;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>A real <c>pressure worker</c>, in a network of its own.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    public WorkerProcess(string name, RabbitMqServer broker, params string[] options)
    {
        Name = name;
        // So that it reaches addresses of this machine beyond its own wire.
        _network.Do("ip", "route", "add", "default", "via", _network.Here.ToString());
        string[] arguments = ["worker", "--broker", broker.AddressAt(_network.Here), "--name", name, "--state", _folder.Path, "--capacity", "none", .. options];
        var start = _network.Inside(Path.Combine(AppContext.BaseDirectory, "pressure"), arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>This machine, as it sees it.</summary>
    public System.Net.IPAddress Here => _network.Here;

    /// <summary>Where its requests come from.</summary>
    public System.Net.IPAddress Address => _network.There;

    /// <summary>Its record of runs.</summary>
    public string Runs => Path.Combine(_folder.Path, Name, "runs");

    /// <summary>All that it said.</summary>
    public string Said => string.Join('\n', _lines);

    /// <summary>Waits until it has said something.</summary>
    public async Task SaysAsync(string text)
    {
        while (!_lines.Any(l => l.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(_process.HasExited, Said);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _network.Dispose();
        _folder.Dispose();
    }
}
