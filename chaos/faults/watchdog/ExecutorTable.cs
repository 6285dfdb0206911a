namespace Pressure.Faults;

/// <summary>The executors of a state folder, living, frozen and dead.</summary>
/// <param name="folder">The state folder.</param>
/// <param name="clock">The clocks.</param>
internal sealed class ExecutorTable(string folder, FaultClock clock)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500), DeathTakes = TimeSpan.FromSeconds(1), Look = TimeSpan.FromMilliseconds(10);

    private readonly string _executors = ExecutorFile.FolderOf(folder);

    /// <summary>Files of all executors.</summary>
    public IReadOnlyList<string> Files => Directory.Exists(_executors) ? Directory.GetFiles(_executors, "*.json") : [];

    /// <summary>An executor's file.</summary>
    public string FileOf(string id) => Path.Combine(_executors, $"{id}.json");

    /// <summary>Whether an executor lives, whatever it does.</summary>
    public static bool Lives(string file) => FileLock.IsHeld(file);

    /// <summary>Whether an executor has not renewed its lease in time: frozen, or starved.</summary>
    public bool IsSilent(string file) => ExecutorFile.Read(file) is var (identity, renewed) && clock.Awake - renewed > identity.Lease + Grace;

    /// <summary>
    /// Makes sure that an executor and whatever it started does nothing any more; returns when they are gone. Nobody reverts what somebody else may still
    /// be applying.
    /// </summary>
    public async Task BuryAsync(string id)
    {
        if (!FaultHandle.IsHandle(id) || ExecutorFile.Read(FileOf(id)) is not { Identity: var executor } || executor.BootId != clock.BootId)
            return;
        for (var start = clock.Time.GetTimestamp(); clock.Time.GetElapsedTime(start) < DeathTakes; await Task.Delay(Look, clock.Time))
        {
            var alive = RestOf(executor);
            if (alive.Count == 0)
                return;
            foreach (var process in alive)
                _ = Posix.Signal(process.Pid, Posix.SigKill);
        }
        // What does not die of this is in the kernel for good, and will not come back to its program.
    }

    /// <summary>Removes a dead executor's file.</summary>
    public static void Remove(string file)
    {
        using var held = FileLock.TryTake(file);
        if (held is not null)
            File.Delete(file);
    }

    /// <summary>The executor itself, and its session. A session's number is not given away while it has a member.</summary>
    private static IReadOnlyList<SystemProcess> RestOf(ExecutorIdentity executor)
    {
        if (SystemProcess.Of(executor.Pid) is { IsDead: false } first && first.Start != executor.Start)
            return [];
        return [.. SystemProcess.OfSession(executor.Pid).Where(p => p.Start >= executor.Start)];
    }
}
