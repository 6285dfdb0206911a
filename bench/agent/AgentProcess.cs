using System.Diagnostics;
using System.Globalization;

namespace Pressure.Bench.Agent;

/// <summary>The agent's program as its own process, seen from outside.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process _process;

    private AgentProcess(Process process, string program, string name) => (_process, Program, Name) = (process, program, name);

    /// <summary>The program's path.</summary>
    public string Program { get; }

    /// <summary>The name that it is enrolled by.</summary>
    public string Name { get; }

    public static async Task EnrolAsync(string program, string name, string data, string server, string token)
    {
        using var enrol = Process.Start(new ProcessStartInfo(program, ["enrol", "--server", server, "--token", token, "--name", name, "--data", data]))!;
        await enrol.WaitForExitAsync();
        if (enrol.ExitCode != 0)
            throw new InvalidOperationException($"The agent could not be enrolled (exit code {enrol.ExitCode}).");
    }

    public static AgentProcess Run(string program, string name, string data, string engine)
    {
        var start = new ProcessStartInfo(program, ["run", "--data", data]);
        start.Environment["DOCKER_HOST"] = "unix://" + engine;
        return new AgentProcess(Process.Start(start)!, program, name);
    }

    /// <summary>CPU time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>A line of <c>/proc/PID/status</c> in MiB.</summary>
    public double Mebibytes(string name) =>
        double.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
