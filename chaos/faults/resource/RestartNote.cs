using System.Diagnostics;

namespace Pressure.Faults;

/// <summary>Says that a process was ended and is to be started again: a file of the state folder by the fault's handle.</summary>
internal sealed class RestartNote(string folder, string handle)
{
    private const string Mark = "PRESSURE_FAULT";

    /// <summary>A command that has not failed by then goes on by itself, or is the process.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.Combine(folder, "restarts", handle);

    /// <summary>Whether it stands.</summary>
    public bool Exists => File.Exists(_path);

    /// <summary>Writes it; on disk when this returns.</summary>
    public void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using var file = new FileStream(_path, FileMode.Create);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Takes it away.</summary>
    public void Delete() => File.Delete(_path);

    /// <summary>What was started by it and runs; null if nothing.</summary>
    public HostProcess? Started() => HostProcesses.List().FirstOrDefault(p => Bears(p.Pid));

    /// <summary>Runs the command, free of this process and its terminal; why it did not work, an English clause, null if it did.</summary>
    public async Task<string?> StartAsync(string command, string from, TimeProvider time, CancellationToken stop)
    {
        // Nothing of ours stays open in what it starts, and nobody would read on what it says.
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", "exec </dev/null >/dev/null 2>&1; cd \"$0\" || cd /; eval \"$1\"", from, command]);
        start.Environment[Mark] = $"pressure:{handle}";
        using var process = Process.Start(start)!;
        using var watch = new CancellationTokenSource(Watch, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watch.Token, stop);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 ? null : $"ended with {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private bool Bears(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains($"{Mark}=pressure:{handle}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
