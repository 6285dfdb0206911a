using System.Diagnostics;
using System.Globalization;

namespace Pressure.Striker;

/// <summary>A controller as a process of its own, with its executor and the watchdog of its state folder, to be killed.</summary>
internal sealed class ControllerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _state, _notes;

    private ControllerProcess(Process process, string state, string notes) => (_process, _state, _notes) = (process, state, notes);

    /// <summary>The controller.</summary>
    public int Controller => _process.Id;

    /// <summary>Its executor.</summary>
    public int Executor { get; private set; }

    /// <summary>The watchdog.</summary>
    public int Watchdog => int.Parse(File.ReadAllText(Path.Combine(_state, "watchdog.lock")), CultureInfo.InvariantCulture);

    /// <summary>Intents in the journal.</summary>
    public int Intents => Directory.Exists(Path.Combine(_state, "faults")) ? Directory.GetFiles(Path.Combine(_state, "faults"), "*.json").Length : 0;

    /// <summary>Notes that lie about, processes that stand still, and intents.</summary>
    public int Left => Directory.GetFiles(_notes).Length + Place.Targets(_notes).Count(t => t.State == 'T') + Intents;

    /// <summary>Starts one; its executor is ready when this returns.</summary>
    public static async Task<ControllerProcess> StartAsync(string state, string notes, TimeSpan lease, TimeSpan duration, int count)
    {
        var start = Own("control", state, notes, $"{lease.TotalMilliseconds:0}", $"{duration.TotalSeconds:0}", $"{count}");
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        var striker = new ControllerProcess(Process.Start(start)!, state, notes);
        striker.Executor = int.Parse((await striker.LineAsync("executor "))["executor ".Length..], CultureInfo.InvariantCulture);
        return striker;
    }

    /// <summary>Waits until everything is in force.</summary>
    public Task AllOnAsync() => LineAsync("all on");

    /// <summary>Tells the controller something.</summary>
    public void Tell(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Ends a process at once; returns when it is gone if asked to.</summary>
    public static void Kill(int pid, bool wait = false)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            if (wait)
                process.WaitForExit();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>How long it took until nothing was left; null if something is after a while.</summary>
    public async Task<TimeSpan?> CleanAsync(TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Left > 0)
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
                return null;
            await Task.Delay(5);
        }
        return TimeProvider.System.GetElapsedTime(start);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            _process.Kill();
        _process.Dispose();
    }

    private async Task<string> LineAsync(string begin)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(begin, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"The controller ended before it said '{begin}'.");
    }

    private static ProcessStartInfo Own(params string[] arguments) => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? new(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], .. arguments])
        : new(Environment.ProcessPath!, arguments);
}
