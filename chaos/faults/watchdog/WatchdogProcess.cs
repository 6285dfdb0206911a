using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Pressure.Faults;

/// <summary>Sees to it that the state folder has a watchdog: a process of its own that outlives whoever starts it.</summary>
/// <param name="folder">The state folder.</param>
/// <param name="time">The clock.</param>
public sealed class WatchdogProcess(string folder, TimeProvider time)
{
    /// <summary>The inner verb: <c>fault-watchdog FOLDER</c>.</summary>
    internal const string Verb = "fault-watchdog";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10), Patience = TimeSpan.FromSeconds(20), Settling = TimeSpan.FromMilliseconds(200);

    /// <summary>The file that the folder's watchdog has locked.</summary>
    internal static string LockFile(string folder) => Path.Combine(folder, "watchdog.lock");

    /// <summary>Whether there is one.</summary>
    /// <exception cref="IOException">It can't be told.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public bool IsThere => FileLock.IsHeld(LockFile(folder));

    /// <summary>Starts one where faults lie in the journal and nobody looks after them; returns at once otherwise.</summary>
    /// <remarks>Every program that has to do with faults does this at its start: what a crash or a reboot left is undone then.</remarks>
    /// <exception cref="IOException">It does not start.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public Task EnsureIfNeededAsync() => new FaultJournal(folder).IsEmpty ? Task.CompletedTask : EnsureAsync();

    /// <summary>Starts one unless there is one that does its work; returns when it is there.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public async Task EnsureAsync()
    {
        if (IsThere && !await EndStoppedAsync())
            return;
        StateFolder.Ensure(folder);
        using var process = Start();
        for (var start = time.GetTimestamp(); !IsThere; await Task.Delay(Look, time))
        {
            // One that was started beside it may have been faster; then this one ends at once.
            if (process.HasExited && !IsThere)
                throw new IOException($"The watchdog of {folder} ended with {process.ExitCode} at its start.");
            if (time.GetElapsedTime(start) > Patience)
                throw new IOException($"The watchdog of {folder} is not there after {Patience.TotalSeconds:0} s.");
        }
    }

    /// <summary>Ends a watchdog that stands still: it has the lock, and nobody would revert anything. Whether it did.</summary>
    /// <remarks>It is killed, so that it can't go on in the middle of what the next one does. Looked at twice: somebody may trace it.</remarks>
    private async Task<bool> EndStoppedAsync()
    {
        if (Stopped is not { } stopped)
            return false;
        await Task.Delay(Settling, time);
        if (Stopped != stopped)
            return false;
        _ = Posix.Signal(stopped, Posix.SigKill);
        for (var start = time.GetTimestamp(); Stopped == stopped && time.GetElapsedTime(start) < Settling; await Task.Delay(Look, time))
        {
            // It is dying.
        }
        return true;
    }

    private int? Stopped => int.TryParse(File.ReadAllText(LockFile(folder)), CultureInfo.InvariantCulture, out var pid)
        && HostProcesses.Of(pid) is { IsStopped: true } process && process.Arguments.Contains(Verb) ? pid : null;

    private Process Start()
    {
        var start = OwnProgram.Start(Verb, folder);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"The watchdog does not start: {e.Message}", e);
        }
    }
}
