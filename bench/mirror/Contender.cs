using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Pressure.Bench.Mirror;

/// <summary>What stands in front of production. In every round it is a new process: two of the same program, running for long, differ by more than what is looked for.</summary>
/// <param name="name">For people.</param>
/// <param name="arguments">Its program and options, where it listens on a port.</param>
internal sealed class Contender(string name, Func<int, string[]> arguments)
{
    public string Name => name;

    public List<Figures> Rounds { get; } = [];

    public Task<Running> StartAsync(int port) => Running.StartAsync(name, port, arguments(port));
}

/// <summary>A process of the comparison: ends when its input does, or is ended.</summary>
internal sealed class Running : IDisposable
{
    private readonly Process _process;

    private Running(int port, Process process) => (Port, _process) = (port, process);

    public int Port { get; }

    public static async Task<Running> StartAsync(string name, int port, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        for (var attempt = 0; attempt < 300 && !process.HasExited; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port);
                return new(port, process);
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }
        throw new InvalidOperationException($"{name} does not listen on {port}.");
    }

    /// <summary>Processor time up to now, as the kernel counts it.</summary>
    public TimeSpan CpuTime()
    {
        var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>What one round gave, times in milliseconds.</summary>
internal sealed record Figures(double P50, double P99, double P999, double CpuMicros, long Sent, long Failed);
