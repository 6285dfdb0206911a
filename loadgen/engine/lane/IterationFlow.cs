using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Leads iterations through their steps: a request falls due when the schedule says so (the first) or when the step before it is
/// over (the others), whatever came of that one; pauses wait in a heap.
/// </summary>
internal sealed class IterationFlow(Traffic traffic, LaneStarts starts, LaneBook book, RunClock clock, UsedUpData usedUp, RandomStream thinkTimes, RandomStream traces)
{
    private readonly Stack<Iteration> _free = [];
    private readonly PriorityQueue<Iteration, TimeSpan> _thinking = new();
    private bool _stopping;

    /// <summary>Iterations under way.</summary>
    public int Active { get; private set; }

    /// <summary>When the next pause ends.</summary>
    public TimeSpan NextWake => _thinking.TryPeek(out _, out var due) ? due : TimeSpan.MaxValue;

    /// <summary>Starts an iteration.</summary>
    public void Start(in Start start)
    {
        if (!_free.TryPop(out var iteration))
            iteration = new Iteration(clock);
        iteration.Begin(start);
        Active++;
        // Who had to wait for an earlier request of the same client's is late, but not by the generator's fault.
        Advance(iteration, timed: start.Client is not { WasHeld: true });
    }

    /// <summary>Counts an iteration that was due and can't be started.</summary>
    public void Drop(in Start start)
    {
        if (start.Client is { } client)
        {
            client.Drop();
            starts.Return(start, reached: false, clock.Now);
        }

        if (!start.IsOwed)
            return;
        var (script, alreadyAsked) = (start.Script, start.AlreadyAsked);
        for (var i = 0; i < script.Steps.Count; i++)
            CountNotSent(script.Steps[i].Request, asked: alreadyAsked && i == 0);
        book.IterationDropped();
    }

    /// <summary>Goes on with iterations whose pause is over.</summary>
    public void Wake(TimeSpan now)
    {
        while (_thinking.TryPeek(out var iteration, out var due) && due <= now)
        {
            _thinking.Dequeue();
            Advance(iteration, timed: true);
        }
    }

    /// <summary>Goes on with iterations whose request is over.</summary>
    public void Continue()
    {
        while (traffic.Ended.Dequeue() is { } iteration)
            Advance(iteration, timed: false);
    }

    /// <summary>From here on nothing new is sent: every iteration ends after the request it is at.</summary>
    public void Stop()
    {
        _stopping = true;
        while (_thinking.TryDequeue(out var iteration, out _))
            CutShort(iteration);
        Continue();
    }

    private void Advance(Iteration iteration, bool timed)
    {
        if (_stopping || (iteration.Step >= 0 && !iteration.Begun))
        {
            CutShort(iteration);
            return;
        }

        while (++iteration.Step < iteration.Script.Steps.Count)
        {
            var step = iteration.Script.Steps[iteration.Step];
            if (step.Request is { } request)
            {
                if (!iteration.CanSend(request))
                {
                    if (iteration.LacksRow(request, usedUp) && !iteration.Begun && !iteration.Start.IsOwed)
                    {
                        // Nor will a later iteration of this user's have a row: the user leaves.
                        Forget(iteration);
                        return;
                    }

                    CountNotSent(request, asked: iteration.Step == 0 && iteration.AlreadyAsked);
                    continue;
                }

                Send(iteration, request, timed);
                return;
            }

            Begin(iteration);
            iteration.Due += step.ThinkMin + (step.ThinkMax - step.ThinkMin) * thinkTimes.NextShare();
            if (iteration.Due > clock.Now)
            {
                _thinking.Enqueue(iteration, iteration.Due);
                return;
            }
        }

        Finish(iteration);
    }

    private void Send(Iteration iteration, PreparedRequest request, bool timed)
    {
        if (iteration.Step > 0 || !iteration.AlreadyAsked)
            book.Asked(request);
        iteration.Take(request, traces.NextTrace());
        var (due, now) = (iteration.Due, clock.Now);
        if (traffic.Dispatch(iteration, now) && timed)
            book.Late(now - due);
    }

    private void Begin(Iteration iteration)
    {
        if (iteration.Begun)
            return;
        iteration.Begun = true;
        book.IterationStarted();
    }

    private void CutShort(Iteration iteration)
    {
        while (iteration.Start.IsOwed && ++iteration.Step < iteration.Script.Steps.Count)
            CountNotSent(iteration.Script.Steps[iteration.Step].Request, asked: iteration.Step == 0 && iteration.AlreadyAsked);
        Finish(iteration);
    }

    private void CountNotSent(PreparedRequest? request, bool asked)
    {
        if (request is null)
            return;
        if (!asked)
            book.Asked(request);
        book.NotSent(request);
    }

    private void Forget(Iteration iteration)
    {
        Active--;
        _free.Push(iteration);
    }

    private void Finish(Iteration iteration)
    {
        traffic.Leave(iteration);
        if (iteration.Begun)
            book.IterationEnded();
        else
            book.IterationDropped();
        if (iteration.Start is { User: not null } or { Client: not null })
            starts.Return(iteration.Start, iteration.Begun && !iteration.Unreached, iteration.Begun ? iteration.Due : clock.Now);
        Forget(iteration);
    }
}
