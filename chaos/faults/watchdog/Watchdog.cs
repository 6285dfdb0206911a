using System.Text;

namespace Pressure.Faults;

/// <summary>
/// The watchdog process: one per state folder, detached from whoever started it. Reverts what an executor left that died, ends one that is frozen and
/// reverts that, tries again what could not be undone; ends when there has been nothing for a while.
/// </summary>
internal sealed class Watchdog
{
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(100), Idle = TimeSpan.FromMilliseconds(500), Enough = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1), LongestRest = TimeSpan.FromSeconds(30);

    private readonly FaultClock _clock;
    private readonly FaultJournal _journal;
    private readonly ExecutorTable _executors;
    private readonly Reconciler _reconciler;
    private readonly HashSet<string> _silent = [];
    private readonly Dictionary<string, Reverting> _reverting = [];

    /// <summary>Puts one together.</summary>
    /// <param name="folder">The state folder.</param>
    /// <param name="catalogue">Every kind of fault.</param>
    /// <param name="clock">The clocks.</param>
    public Watchdog(string folder, Func<FaultTools, IReadOnlyList<IFault>> catalogue, FaultClock clock)
    {
        (_clock, _journal, _executors) = (clock, new FaultJournal(folder), new ExecutorTable(folder, clock));
        _reconciler = new Reconciler(folder, catalogue, clock);
    }

    /// <summary>Runs it as a process; gives the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Func<FaultTools, IReadOnlyList<IFault>> catalogue)
    {
        if (args is not [_, var folder])
            return 2;
        using var asked = new CancellationTokenSource();
        WatchdogSelf.Detach(asked.Cancel);
        StateFolder.Ensure(folder);
        var clock = FaultClock.OfMachine(TimeProvider.System);
        while (FileLock.TryTakeOrCreate(WatchdogProcess.LockFile(folder)) is { } held)
        {
            // For people who look for it.
            RandomAccess.Write(held.File, Encoding.ASCII.GetBytes($"{Environment.ProcessId,-10}\n"), 0);
            var dog = new Watchdog(folder, catalogue, clock);
            using (held)
                await dog.WatchAsync(asked.Token);
            // Whoever saw the lock a moment ago relies on this process; whoever looks now starts another one.
            if (!dog.HasWork)
                return 0;
        }
        return 0;
    }

    private bool HasWork => !_journal.IsEmpty || _executors.Files.Count > 0;

    /// <summary>Watches until there has been nothing for a while, or there is nothing and it is asked to end, or its folder was cleared away.</summary>
    private async Task WatchAsync(CancellationToken asked)
    {
        // What lies there at the start was left by a crash or a reboot that no watchdog saw.
        var by = "start";
        for (var idleSince = _clock.SinceBoot(); _clock.SinceBoot() - idleSince < Enough; by = "watchdog")
        {
            var work = Look(by);
            if (work)
                idleSince = _clock.SinceBoot();
            else if (asked.IsCancellationRequested || !Directory.Exists(_journal.Folder))
                return;
            await Task.Delay(work ? Busy : Idle, _clock.Time, CancellationToken.None);
        }
    }

    /// <summary>Looks once; whether there is anything to look after.</summary>
    private bool Look(string by)
    {
        try
        {
            LookAtExecutors();
            LookAtFaults(by);
            return HasWork;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder can't be read just now. Ending would not make that better.
            return true;
        }
    }

    private void LookAtExecutors()
    {
        foreach (var file in _executors.Files)
        {
            if (!ExecutorTable.Lives(file))
                LookAtDead(file);
            else if (!_executors.IsSilent(file))
                _silent.Remove(file);
            else if (!_silent.Add(file))
                // Twice in a row: it is not that we were starved as well, or saw a beat half written.
                _ = _executors.BuryAsync(Path.GetFileNameWithoutExtension(file));
        }
    }

    private void LookAtDead(string file)
    {
        var id = Path.GetFileNameWithoutExtension(file);
        if (!_journal.Read().OfType<JournalEntry.Known>().Any(k => k.Intent.Executor == id))
            ExecutorTable.Remove(file);
    }

    private void LookAtFaults(string by)
    {
        foreach (var fault in _journal.Read().OfType<JournalEntry.Known>())
        {
            if (!fault.Held)
                Revert(fault, by);
            else if (fault.Left is null && _clock.Left(fault.Intent) < -Overdue)
                // Its owner lives, renews its lease, and does not do what it is there for.
                _ = _executors.BuryAsync(fault.Intent.Executor);
        }
        foreach (var handle in _reverting.Keys.Where(h => !_journal.Has(h)).ToList())
            _reverting.Remove(handle);
    }

    private void Revert(JournalEntry.Known fault, string by)
    {
        var handle = fault.Intent.Handle;
        if (_reverting.GetValueOrDefault(handle) is not { } before)
            _reverting[handle] = new Reverting(Task.Run(() => _reconciler.RevertAsync(handle, by)), ShortestRest);
        else if (before.Work.IsCompleted && before.EndedAt is not { })
            before.EndedAt = _clock.SinceBoot();
        else if (before.EndedAt is { } ended && _clock.SinceBoot() - ended > before.Rest)
            _reverting[handle] = new Reverting(Task.Run(() => _reconciler.RevertAsync(handle, by)), before.Rest * 2 < LongestRest ? before.Rest * 2 : LongestRest);
    }

    /// <summary>An undoing, and how long it rests if it was in vain.</summary>
    private sealed class Reverting(Task work, TimeSpan rest)
    {
        public Task Work => work;

        public TimeSpan Rest => rest;

        public TimeSpan? EndedAt { get; set; }
    }
}
