using System.Diagnostics;
using System.Globalization;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>A controller as a process of its own, with its executor and the watchdog of its state folder, to be killed.</summary>
internal sealed class ControllerProcess : IDisposable
{
    private static readonly TimeSpan ForAll = TimeSpan.FromMinutes(10), Straggling = TimeSpan.FromMilliseconds(150);

    private readonly Process _process;
    private readonly Place _place;

    private ControllerProcess(Process process, Place place) => (_process, _place) = (process, place);

    /// <summary>The controller.</summary>
    public int Controller => _process.Id;

    /// <summary>Its executor.</summary>
    public int Executor { get; private set; }

    /// <summary>The watchdog.</summary>
    public int Watchdog => int.Parse(File.ReadAllText(Path.Combine(_place.State, "watchdog.lock")), CultureInfo.InvariantCulture);

    /// <summary>Intents in the journal.</summary>
    public int Intents => Directory.Exists(Path.Combine(_place.State, "faults")) ? Directory.GetFiles(Path.Combine(_place.State, "faults"), "*.json").Length : 0;

    /// <summary>Starts one; its executor is ready when this returns.</summary>
    public static async Task<ControllerProcess> StartAsync(Place place, TimeSpan lease, TimeSpan? duration = null)
    {
        await place.AimAsync();
        var start = Own("control", place.State, place.Orders, $"{lease.TotalMilliseconds:0}", $"{(duration ?? ForAll).TotalSeconds:0}", place.Socket);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        var striker = new ControllerProcess(Process.Start(start)!, place);
        striker.Executor = int.Parse((await striker.LineAsync("executor "))[^1]["executor ".Length..], CultureInfo.InvariantCulture);
        return striker;
    }

    /// <summary>The same, with everything in force.</summary>
    public static async Task<ControllerProcess> AllOnAsync(Place place, TimeSpan lease, TimeSpan? duration = null)
    {
        var striker = await StartAsync(place, lease, duration);
        var lines = await striker.LineAsync("all on");
        if (lines.Count(l => l.StartsWith("on ", StringComparison.Ordinal)) < place.Struck.Count)
            throw new InvalidOperationException(string.Join('\n', lines.Where(l => !l.StartsWith("on ", StringComparison.Ordinal))));
        return striker;
    }

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

    /// <summary>Kills all three within microseconds, so that nobody is left to revert, or to start somebody who does.</summary>
    public void KillAll()
    {
        int[] all = [Watchdog, Executor, Controller];
        using (var kill = Process.Start("kill", ["-KILL", .. all.Select(p => $"{p}")]))
            kill.WaitForExit();
        foreach (var process in all)
            Kill(process, wait: true);
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>
    /// How long it took until nothing was left, in the journal and to be seen from outside; and what is left after a while, or again a moment later.
    /// </summary>
    public async Task<Cleaning> CleanAsync(TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        TimeSpan took;
        while (true)
        {
            while (Intents > 0 && TimeProvider.System.GetElapsedTime(start) < patience)
                await Task.Delay(5);
            // A look takes its own time; what it finds in order was so when it began.
            took = TimeProvider.System.GetElapsedTime(start);
            var left = await _place.StillStruckAsync();
            if (Intents == 0 && left.Count == 0)
                break;
            if (took >= patience)
                return new Cleaning(null, [.. left.Select(l => l.Kind)], Intents);
        }
        // A straggler that strikes after it was undone is seen now.
        await Task.Delay(Straggling);
        var late = await _place.StillStruckAsync();
        return late.Count + Intents == 0 ? new Cleaning(took, [], 0) : new Cleaning(null, [.. late.Select(l => $"{l.Kind}, late")], Intents);
    }

    /// <summary>What lies in the journal.</summary>
    public IReadOnlyList<FaultIntent> Journaled => [.. new FaultJournal(_place.State).Read().OfType<JournalEntry.Known>().Select(k => k.Intent)];

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>What it says up to a line.</summary>
    private async Task<IReadOnlyList<string>> LineAsync(string begin)
    {
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(begin, StringComparison.Ordinal))
                return lines;
        }
        throw new InvalidOperationException($"The controller ended before it said '{begin}': {string.Join('\n', lines)}");
    }

    private static ProcessStartInfo Own(params string[] arguments) => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? new(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], .. arguments])
        : new(Environment.ProcessPath!, arguments);
}

/// <summary>How a round ended.</summary>
/// <param name="Took">Time until nothing was left; null if something is.</param>
/// <param name="Left">Faults that are seen from outside still.</param>
/// <param name="Intents">Intents that are in the journal still.</param>
internal sealed record Cleaning(TimeSpan? Took, IReadOnlyList<string> Left, int Intents);
