using System.Diagnostics;

namespace Pressure.Faults.Tests.Resource;

/// <summary>A process of a test's own, ended with it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static int _waiting;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    public HostProcess Seen => HostProcesses.Of(Pid)!;

    public FaultTarget.Process Target => Seen is var seen ? new FaultTarget.Process(seen.Pid, seen.Start, seen.Name) : null!;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>A process that only waits, by a command line that no other process has: one alike counts as the same, started again.</summary>
    public static ChildProcess Waiting() => Shell($"exec sleep 600.{Environment.ProcessId}{Interlocked.Increment(ref _waiting)}");

    public static ChildProcess Shell(string script) => new(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardInput = true })!);

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
