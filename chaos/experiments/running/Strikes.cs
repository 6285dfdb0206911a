using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Pressure.Faults;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// The faults that an experiment has in force: starts them on their hosts' executors, tells the timeline when they begin and end, whoever ends them,
/// and undoes them. Undoing is not cancelled by anything; what could not be undone is noted as left.
/// </summary>
internal sealed class Strikes(ExperimentRun run, EngineWatch engine) : IAsyncDisposable
{
    // The executor's own limit for an undoing is shorter; this one is for an executor that does not answer any more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<string, Lazy<Task<IFaultExecutor>>> _executors = [];
    private readonly ConcurrentQueue<(string Host, Lazy<Task<IFaultExecutor>> Made)> _past = [];
    private readonly ConcurrentDictionary<string, HeldFault> _held = [];
    private readonly ConcurrentDictionary<string, bool> _settled = [];
    private int _struck;
    private volatile bool _givenUp;

    /// <summary>How many came into force.</summary>
    public int Struck => _struck;

    /// <summary>How many are in force.</summary>
    public int InForce => _held.Count;

    /// <summary>Strikes one target; gives what is in force, or why nothing is.</summary>
    public async Task<(HeldFault? Held, string? Problem)> StartAsync(Provider.Fault fault, Candidate candidate, TimeSpan duration, CancellationToken stop)
    {
        var asked = run.Now;
        engine.Mind(candidate);
        var order = new FaultOrder(fault.Kind, candidate.Target, duration) { Arguments = (JsonObject)fault.Arguments.DeepClone(), Experiment = run.Id, By = run.By };
        try
        {
            var executor = await ExecutorAsync(candidate.Host, stop);
            switch (await executor.StartAsync(order, stop))
            {
                case FaultStart.InForce started:
                    return (Hold(fault, candidate, executor, started, asked), null);
                case FaultStart.Refused(var why, var remedy):
                    return (null, Failed(fault.Kind, candidate, $"{why} {remedy}"));
                case FaultStart.Failed(var why, var end):
                    var problem = Failed(fault.Kind, candidate, why);
                    if (end.Outcome is UndoOutcome.Incomplete left)
                        NoteLeft(end.Handle, fault.Kind, candidate, left);
                    return (null, problem);
                case var other:
                    throw new System.Diagnostics.UnreachableException($"A start was added and is not handled: {other.GetType().Name}");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _givenUp = true;
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (null, Failed(fault.Kind, candidate, e.Message));
        }
    }

    /// <summary>Undoes some, side by side.</summary>
    public Task EndAsync(IEnumerable<HeldFault> held) => Task.WhenAll(held.Select(EndAsync));

    /// <summary>Undoes all that is in force.</summary>
    public Task EndAllAsync() => EndAsync([.. _held.Values]);

    /// <summary>Undoes what is still in force, and lets the executors go.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAllAsync();
        foreach (var (host, made) in _past.Concat(_executors.Select(e => (e.Key, e.Value))))
        {
            try
            {
                await using var executor = await made.Value;
                // A start that was given up may have come into force all the same.
                foreach (var end in await executor.EndAllAsync().WaitAsync(Patience, run.World.Time))
                {
                    if (end.Outcome is UndoOutcome.Incomplete left && _settled.TryAdd(end.Handle, true))
                        NoteLeft(end.Handle, "a fault", host, host, left);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // What was known to hold was told of already; of a start that was given up nobody can say any more.
                if (_givenUp)
                    NoteLeft("", "a fault", host, host, new($"its start was given up, and nobody can say whether it holds: {e.Message}", "'pressure chaos status' tells, and 'pressure chaos revert' undoes it."));
            }
        }
    }

    /// <summary>A fault's arguments for people: <c>percent 30%, port 80</c>.</summary>
    public static string ArgumentText(JsonObject arguments) => string.Join(", ", arguments.Select(a => $"{a.Key} {a.Value}"));

    private async Task<IFaultExecutor> ExecutorAsync(string host, CancellationToken stop)
    {
        var made = _executors.GetOrAdd(host, Make);
        if (await made.Value is { HasEnded: false } executor)
            return executor;
        // Its faults' ends are heard of through the dead one still; it is let go of at the run's end.
        if (_executors.TryUpdate(host, Make(host), made))
            _past.Enqueue((host, made));
        return await _executors[host].Value;

        Lazy<Task<IFaultExecutor>> Make(string host) => new(() => run.World.Executor(host, run.Experiment.Settings.Lease, stop));
    }

    private HeldFault Hold(Provider.Fault fault, Candidate candidate, IFaultExecutor executor, FaultStart.InForce started, TimeSpan asked)
    {
        var at = OnRunClock(started.AppliedAt, asked);
        var held = new HeldFault(started.Handle, fault.Kind, candidate, executor, at);
        Interlocked.Increment(ref _struck);
        _held[held.Handle] = held;
        var until = at + (started.Deadline - started.AppliedAt);
        run.Tell(new TimelineEvent.FaultOn(at, held.Handle, run.Id, held.Kind, candidate.Host, candidate.Target.Label, until, ArgumentText(fault.Arguments)));
        Audit(held.Kind, candidate.Host, candidate.Target.Label, "in force", $"fault {held.Handle} of run {run.Id}");
        _ = WatchAsync(held);
        return held;
    }

    private async Task WatchAsync(HeldFault held)
    {
        try
        {
            Settle(held, await held.Executor.EndOf(held.Handle));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Lost(held, e.Message);
        }
    }

    private async Task EndAsync(HeldFault held)
    {
        try
        {
            Settle(held, await held.Executor.EndAsync(held.Handle).WaitAsync(Patience, run.World.Time));
        }
        catch (TimeoutException)
        {
            Lost(held, $"its executor did not answer within {DurationText.Of(Patience)}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Lost(held, e.Message);
        }
        // Whoever watches it may have been first, and be telling still.
        await held.Ended;
    }

    private void Settle(HeldFault held, FaultEnd end)
    {
        if (!_settled.TryAdd(held.Handle, true))
            return;
        _held.TryRemove(held.Handle, out _);
        try
        {
            Note(held, end);
        }
        finally
        {
            held.End(end);
        }
    }

    private void Note(HeldFault held, FaultEnd end)
    {
        var at = OnRunClock(end.At, held.AppliedAt);
        switch (end.Outcome)
        {
            case UndoOutcome.Incomplete left:
                NoteLeft(held.Handle, held.Kind, held.Candidate, left);
                break;
            case UndoOutcome.NothingToUndo(var why):
                NoteOff(held, end, at, why);
                break;
            default:
                NoteOff(held, end, at, note: null);
                break;
        }
    }

    private void Lost(HeldFault held, string why)
    {
        if (!_settled.TryAdd(held.Handle, true))
            return;
        _held.TryRemove(held.Handle, out _);
        try
        {
            NoteLeft(held.Handle, held.Kind, held.Candidate, new($"nobody can say whether it was undone: {why}", "The watchdog undoes it; 'pressure chaos status' tells, and 'pressure chaos revert' does it now."));
        }
        finally
        {
            held.End(null);
        }
    }

    private void NoteOff(HeldFault held, FaultEnd end, TimeSpan at, string? note)
    {
        run.Tell(new TimelineEvent.FaultOff(at, held.Handle, held.Kind, held.Candidate.Target.Label, end.By, note));
        Audit(held.Kind, held.Candidate.Host, held.Candidate.Target.Label, "ended", $"fault {held.Handle}, by {end.By}{(note is null ? "" : $": {note}")}");
    }

    private void NoteLeft(string handle, string kind, Candidate candidate, UndoOutcome.Incomplete left) => NoteLeft(handle, kind, candidate.Host, candidate.Target.Label, left);

    private void NoteLeft(string handle, string kind, string host, string on, UndoOutcome.Incomplete left)
    {
        run.Left.Enqueue($"{kind} on {on}: {left.What}. {left.Remedy}");
        run.Tell(new TimelineEvent.RevertIncomplete(run.Now, handle, kind, on, left.What, left.Remedy));
        Audit(kind, host, on, "left", $"fault {handle}: {left.What}. {left.Remedy}");
    }

    // Undoing does not wait for the disk; the run waits for it at its end.
    private void Audit(string kind, string host, string on, string outcome, string detail) =>
        _ = run.Audit.TellAsync("strike", $"{kind} on {(host == "local" ? "" : $"{host}: ")}{on}", outcome, detail);

    private string Failed(string kind, Candidate candidate, string why)
    {
        run.Tell(new TimelineEvent.FaultFailed(run.Now, run.Id, kind, candidate.Target.Label, why));
        Audit(kind, candidate.Host, candidate.Target.Label, "failed", why);
        return $"{kind} on {candidate.Target.Label}: {why}";
    }

    // By how long ago it was: the wall clock may have been set since the run began. Another machine's may be wrong; then what is known here bounds it.
    private TimeSpan OnRunClock(DateTimeOffset wall, TimeSpan earliest)
    {
        var at = run.Now - (run.World.Time.GetUtcNow() - wall);
        return at < earliest ? earliest : at > run.Now ? run.Now : at;
    }
}
