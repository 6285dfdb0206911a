using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Pressure.Bench.Mirror;

/// <summary>A process in front of production, or a target: ends when its input does, or is ended.</summary>
internal sealed class Contender : IDisposable
{
    private readonly Process _process;

    private Contender(string name, int port, Process process) => (Name, Port, _process) = (name, port, process);

    public string Name { get; }

    public int Port { get; }

    public List<Figures> Rounds { get; } = [];

    public static async Task<Contender> StartAsync(string name, int port, params string[] arguments)
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
                return new(name, port, process);
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
