using System.Collections.Concurrent;

namespace Pressure.Faults;

/// <summary>
/// Applies faults in this process:
/// <code>
/// order ─▶ checked ─▶ prepared ─▶ journal ─▶ apply ─▶ hold ─▶ undo ─▶ looked at ─▶ out of the journal
///                                 (synced)     │       ▲ until: deadline, EndAsync, EndAllAsync, halt, stop of its experiment
///                                              └─ failed or cut short: undo; it touched nothing: out of the journal
/// </code>
/// What can't be undone stays in the journal and is let go of, so that the watchdog goes on with it.
/// </summary>
public sealed class FaultRunner : IFaultExecutor
{
    private const int MostRemembered = 1_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), Breath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPreparing = TimeSpan.FromSeconds(60), Deaf = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<IFault> _faults;
    private readonly FaultJournal _journal;
    private readonly FaultClock _clock;
    private readonly FaultUndo _undo;
    private readonly GlobalStop _halt;
    private readonly RunningExperiments _experiments;
    private readonly ConcurrentDictionary<string, HeldFault> _held = new();
    private readonly ConcurrentQueue<string> _over = new();
    private readonly ITimer _looking;
    private volatile string? _closedBy;

    /// <summary>Nothing is applied yet.</summary>
    /// <param name="host">The host's name for controllers.</param>
    /// <param name="faults">Every kind that can be applied.</param>
    /// <param name="journal">Where intents are kept.</param>
    /// <param name="clock">The clocks.</param>
    /// <param name="patience">How long undoing is tried.</param>
    public FaultRunner(string host, IReadOnlyList<IFault> faults, FaultJournal journal, FaultClock clock, UndoPatience? patience = null)
    {
        (Host, _faults, _journal, _clock) = (host, faults, journal, clock);
        _undo = new FaultUndo(_ => faults, journal, clock, patience ?? new UndoPatience());
        _halt = new GlobalStop(journal.Folder);
        _experiments = new RunningExperiments(journal.Folder);
        _looking = clock.Time.CreateTimer(_ => LookForStops(), null, Look, Look);
    }

    /// <inheritdoc/>
    public string Host { get; }

    /// <summary>Tells of a fault that has been in force, or half in force, and has ended. Set before the first start.</summary>
    public Action<FaultEnd>? Ended { get; init; }

    /// <summary>This executor's id, for the journal; empty if it has no file of its own. Set before the first start.</summary>
    public string Executor { get; init; } = "";

    /// <summary>The container engine's socket that the faults go through, for the journal; empty for the usual one. Set before the first start.</summary>
    public string DockerSocket { get; init; } = "";

    /// <summary>How many faults are not over.</summary>
    public int Holding => _held.Values.Count(h => !h.Ended.IsCompleted);

    /// <inheritdoc/>
    public Task<FaultStart> StartAsync(FaultOrder order, CancellationToken stop) => StartAsync(FaultHandle.New(), order, stop);

    /// <summary>The same with a handle that the controller chose, so that it knows it even when this process dies.</summary>
    public async Task<FaultStart> StartAsync(string handle, FaultOrder order, CancellationToken stop)
    {
        if (_halt.Read() is { } halted)
            return new FaultStart.Refused(halted.ToString(), GlobalStop.Remedy);
        if (OrderCheck.Refusal(_faults, order) is { } refused)
            return refused;
        var held = new HeldFault(handle, order);
        if (!FaultHandle.IsHandle(handle) || _journal.Has(handle) || !_held.TryAdd(handle, held))
            return new FaultStart.Refused($"'{handle}' is no handle, or it is taken.", "Take a new one for each fault: 12 lower-case hex digits.");
        // Whoever closed the runner a moment ago did not know of this one.
        if (_closedBy is { } by)
            held.AskEnd(by);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop, held.Cut);
        var fault = _faults.First(f => f.Description.Kind == order.Kind);
        return await PreparedAsync(fault, order, cut.Token) switch
        {
            Preparation.Ready ready => await JournalAndApplyAsync(fault, held, ready, stop),
            Preparation.Refused no => NotTouched(held, no.Why, no.Remedy),
            _ => throw new InvalidOperationException("A preparation of no kind."),
        };
    }

    /// <inheritdoc/>
    public async Task<FaultEnd> EndAsync(string handle)
    {
        if (!_held.TryGetValue(handle, out var held))
            return await EndOf(handle);
        held.AskEnd("controller");
        var end = await held.Ended;
        return end.Outcome is UndoOutcome.Incomplete ? await AgainAsync(end) : end;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FaultEnd>> EndAllAsync() => EndAllAsync("controller");

    /// <summary>Undoes all that it started, side by side.</summary>
    /// <param name="by">Who ends it.</param>
    public async Task<IReadOnlyList<FaultEnd>> EndAllAsync(string by)
    {
        var all = _held.Values.Where(h => !h.Ended.IsCompleted).ToList();
        foreach (var held in all)
            held.AskEnd(by);
        return await Task.WhenAll(all.Select(h => h.Ended));
    }

    /// <summary>Undoes all, and starts nothing any more.</summary>
    /// <param name="by">Who ends it.</param>
    public Task<IReadOnlyList<FaultEnd>> CloseAsync(string by)
    {
        _closedBy = by;
        return EndAllAsync(by);
    }

    /// <inheritdoc/>
    public Task<FaultEnd> EndOf(string handle) => _held.TryGetValue(handle, out var held)
        ? held.Ended
        : Task.FromResult(_journal.EndOf(handle)?.End ?? new FaultEnd(handle, new UndoOutcome.NothingToUndo("no such fault is known here"), _clock.Now, "controller"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync("controller");
        await _looking.DisposeAsync();
    }

    private async Task<Preparation> PreparedAsync(IFault fault, FaultOrder order, CancellationToken cut)
    {
        using var limit = new CancellationTokenSource(LongestPreparing, _clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cut);
        try
        {
            return await Task.Run(() => fault.PrepareAsync(order, either.Token), CancellationToken.None).WaitAsync(LongestPreparing + Deaf, _clock.Time, CancellationToken.None);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            return cut.IsCancellationRequested
                ? new Preparation.Refused("It was called off before anything was touched.", "Nothing is to be done.")
                : new Preparation.Refused($"{order.Target.Label} could not be looked at within {LongestPreparing.TotalSeconds:0} s.", "See whether it answers.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Preparation.Refused(e.Message, "Nothing was touched; see to it, and try again.");
        }
    }

    private async Task<FaultStart> JournalAndApplyAsync(IFault fault, HeldFault held, Preparation.Ready ready, CancellationToken stop)
    {
        if (held.EndAsked.IsCompleted || stop.IsCancellationRequested)
            return NotTouched(held, "It was called off before anything was touched.", "Nothing is to be done.");
        HeldIntent owned;
        try
        {
            owned = _journal.Write(Intent(held, ready));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotTouched(held, $"The intent can't be put on disk, so nothing was touched: {e.Message}", $"Make {_journal.Folder} writable; nothing is done that a crash would leave behind.");
        }
        var failure = _halt.Read() is { } halted ? new Failure(halted.ToString()) : await ApplyAsync(fault, owned.Intent, held, stop);
        if (failure is null)
        {
            var inForce = new FaultStart.InForce(held.Handle, _clock.Now, owned.Intent.Deadline);
            _ = HoldAsync(held, owned);
            return inForce;
        }
        var by = held.EndAsked.IsCompletedSuccessfully ? await held.EndAsked : "controller";
        // What was cut short may have something under way still, like the work of an owner that died.
        var end = failure.NothingTouched ? _undo.Drop(owned, by) : await _undo.UndoAsync(owned, by, orphan: true);
        Over(held, end);
        return new FaultStart.Failed(failure.Why, end);
    }

    private FaultIntent Intent(HeldFault held, Preparation.Ready ready) => new()
    {
        Handle = held.Handle,
        Kind = held.Order.Kind,
        Target = held.Order.Target,
        Arguments = held.Order.Arguments,
        Prior = ready.Prior,
        Experiment = held.Order.Experiment,
        By = held.Order.By,
        Executor = Executor,
        DockerSocket = DockerSocket,
        JournaledAt = _clock.Now,
        Deadline = _clock.Now + held.Order.Duration,
        DeadlineSinceBoot = _clock.SinceBoot() + held.Order.Duration,
        BootId = _clock.BootId,
    };

    /// <summary>Does it; why it failed, null if it did not.</summary>
    private async Task<Failure?> ApplyAsync(IFault fault, FaultIntent intent, HeldFault held, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(held.Order.Duration, _clock.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, held.Cut, stop);
        try
        {
            any.Token.ThrowIfCancellationRequested();
            var applying = Task.Run(() => fault.ApplyAsync(intent, any.Token), CancellationToken.None);
            // One that does not listen is left behind.
            await await Task.WhenAny(applying, DeafAsync(any.Token));
            return stop.IsCancellationRequested ? new("It was called off.") : null;
        }
        catch (OperationCanceledException)
        {
            return new(limit.IsCancellationRequested ? "It took longer to apply than it was to hold; let it hold for longer." : "It was called off.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(e.Message, e is FaultException { NothingTouched: true });
        }
    }

    private async Task DeafAsync(CancellationToken called)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock.Time, called);
        }
        catch (OperationCanceledException)
        {
            await Task.Delay(Deaf, _clock.Time, CancellationToken.None);
        }
        throw new OperationCanceledException();
    }

    private async Task HoldAsync(HeldFault held, HeldIntent owned)
    {
        // In short breaths: timers stand still while the machine sleeps, deadlines do not.
        while (!held.EndAsked.IsCompleted && _clock.Left(owned.Intent) is var left && left > TimeSpan.Zero)
            await Task.WhenAny(held.EndAsked, Task.Delay(left < Breath ? left : Breath, _clock.Time));
        Over(held, await _undo.UndoAsync(owned, held.EndAsked.IsCompletedSuccessfully ? held.EndAsked.Result : "deadline", orphan: false));
    }

    /// <summary>Tries once more what could not be undone, unless the watchdog is at it.</summary>
    private async Task<FaultEnd> AgainAsync(FaultEnd before)
    {
        try
        {
            if (_journal.TryTake(before.Handle) is { } owned)
                return await _undo.UndoAsync(owned, "controller", orphan: true);
            return _journal.Has(before.Handle) ? before : _journal.EndOf(before.Handle)?.End ?? before;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return before;
        }
    }

    private FaultStart.Refused NotTouched(HeldFault held, string why, string remedy)
    {
        _held.TryRemove(held.Handle, out _);
        held.End(new FaultEnd(held.Handle, new UndoOutcome.NothingToUndo("it was never applied"), _clock.Now, "controller"));
        return new FaultStart.Refused(why, remedy);
    }

    private void Over(HeldFault held, FaultEnd end)
    {
        held.End(end);
        Ended?.Invoke(end);
        _over.Enqueue(held.Handle);
        while (_over.Count > MostRemembered && _over.TryDequeue(out var oldest))
        {
            if (_held.TryRemove(oldest, out var forgotten))
                forgotten.Dispose();
        }
    }

    private void LookForStops()
    {
        var halted = _halt.IsSet;
        foreach (var held in _held.Values)
        {
            if (halted)
                held.AskEnd("halt-all");
            else if (_experiments.IsAskedToStop(held.Order.Experiment))
                held.AskEnd("controller");
            else if (_experiments.IsAskedToStop(held.Handle))
                held.AskEnd("revert");
        }
    }

    /// <summary>Why a fault was not applied, and whether that is known to have left everything as it was.</summary>
    private sealed record Failure(string Why, bool NothingTouched = false);
}
