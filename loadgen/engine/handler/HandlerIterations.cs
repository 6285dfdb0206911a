using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>Iterations over SocketsHttpHandler and sockets, each an asynchronous method on the thread pool.</summary>
internal sealed class HandlerIterations(HandlerTraffic traffic, GuardedBook book, LaneStarts starts, RunClock clock, RandomStream thinkTimes, CancellationToken stopping)
{
    private readonly Lock _thinkGate = new();
    private volatile Exception? _failure;
    private int _active;

    /// <summary>Iterations under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>What no iteration should ever throw, but one did.</summary>
    public Exception? Failure => _failure;

    /// <summary>Starts an iteration.</summary>
    public void Start(Start start)
    {
        Interlocked.Increment(ref _active);
        // Off the thread that keeps the schedule: building and encrypting a request takes longer than the next start may be away.
        _ = Task.Run(() => RunGuardedAsync(start), CancellationToken.None);
    }

    /// <summary>Counts an iteration that was due and can't be started.</summary>
    public void Drop(Start start)
    {
        if (!start.IsOwed)
            return;
        CountNotSent(start, from: 0, start.AlreadyAsked);
        book.Enter(b => b.IterationDropped());
    }

    private async Task RunGuardedAsync(Start start)
    {
        try
        {
            // A user goes on from here; what a schedule asked for comes from the lane.
            for (Start? next = start; next is { } one;)
            {
                if (!one.IsOwed && !await WaitUntilDueAsync(one))
                    break;
                var (reached, lacksRow) = await RunAsync(one);
                next = lacksRow ? null : After(one, reached);
            }
        }
#pragma warning disable CA1031 // Whatever it is, the lane must tell of it, or the accounts would be short without a word.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure ??= e;
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    // The load may be steered while a user waits: one that is not to begin any more waits in the lane for the next change. What a user
    // had not begun when the run was stopped, nobody asked for.
    private async Task<bool> WaitUntilDueAsync(Start start)
    {
        await PauseAsync(start.Due);
        if (stopping.IsCancellationRequested)
            return false;
        var isDue = true;
        book.Enter(_ =>
        {
            isDue = starts.IsStillDue(start);
            if (!isDue)
                starts.Return(start, reached: true, clock.Now);
        });
        return isDue;
    }

    private Start? After(Start ended, bool reached)
    {
        Start? next = null;
        if (!ended.IsOwed && !stopping.IsCancellationRequested)
            book.Enter(_ => next = starts.After(ended, reached, clock.Now));
        return next;
    }

    // Whether it began and reached the target with all its requests; and whether its user leaves, since no row of data is left.
    private async Task<(bool Reached, bool LacksRow)> RunAsync(Start start)
    {
        await using var visit = traffic.Begin(start);
        var (begun, reached, lacksRow) = await RunStepsAsync(start, visit);
        await visit.Socket.CloseAsync();
        if (lacksRow)
            return (false, true);
        book.Enter(b =>
        {
            if (begun)
                b.IterationEnded();
            else
                b.IterationDropped();
        });
        return (begun && reached, false);
    }

    private async Task<(bool Begun, bool Reached, bool LacksRow)> RunStepsAsync(Start start, HandlerVisit visit)
    {
        var (script, due, alreadyAsked) = (start.Script, start.Due, start.AlreadyAsked);
        var (begun, reached, timed) = (false, true, true);
        for (var i = 0; i < script.Steps.Count; i++)
        {
            if (stopping.IsCancellationRequested)
            {
                CountNotSent(start, i, alreadyAsked && i == 0);
                break;
            }

            if (script.Steps[i].Closes)
            {
                await visit.Socket.CloseAsync();
                (due, timed) = (clock.Now, false);
                continue;
            }

            if (script.Steps[i].Request is not { } request)
            {
                begun = Begin(begun);
                due += Pause(script.Steps[i]);
                await PauseAsync(due);
                timed = true;
                continue;
            }

            if (!traffic.CanSend(request, visit))
            {
                // Nor will a later iteration of this user's have a row: the user leaves.
                if (traffic.LacksRow(request, visit) && !begun && !start.IsOwed)
                    return (false, true, LacksRow: true);
                CountNotSent(request, alreadyAsked && i == 0);
                continue;
            }

            if (i > 0 || !alreadyAsked)
                book.Enter(b => b.Asked(request));
            var error = await traffic.SendAsync(request, visit, due, timed, () => begun = Begin(begun));
            if (error is null && !begun)
            {
                CountNotSent(start, i + 1, alreadyAsked: false);
                break;
            }

            reached &= error is not { } failed || !failed.IsOfConnecting();
            due = clock.Now;
            timed = false;
        }

        return (begun, reached, LacksRow: false);
    }

    private bool Begin(bool begun)
    {
        if (!begun)
            book.Enter(b => b.IterationStarted());
        return true;
    }

    private async Task PauseAsync(TimeSpan until)
    {
        // A delay counts whole milliseconds of a coarser clock and may end early; what is sent before it is due has a time below zero.
        for (TimeSpan left; (left = until - clock.Now) > TimeSpan.Zero && !stopping.IsCancellationRequested;)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private TimeSpan Pause(ScriptStep step)
    {
        lock (_thinkGate)
            return step.ThinkMin + (step.ThinkMax - step.ThinkMin) * thinkTimes.NextShare();
    }

    private void CountNotSent(Start start, int from, bool alreadyAsked)
    {
        var script = start.Script;
        for (var i = from; start.IsOwed && i < script.Steps.Count; i++)
        {
            if (script.Steps[i].Request is { } request)
                CountNotSent(request, alreadyAsked && i == from);
        }
    }

    private void CountNotSent(PreparedRequest request, bool asked) => book.Enter(b =>
    {
        if (!asked)
            b.Asked(request);
        b.NotSent(request);
    });
}
