using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// Asks a probe at every tick of an interval and tells the timeline when it begins or ceases to hold, and what the first answer was. Never asks twice
/// at once; an answer that is late is a failure.
/// </summary>
/// <remarks>
/// <code>
/// tick     0         1         2         3         4
/// asked    x---held  x---late-------|x---held  x---held
/// told     held@0    failed@1        held@2'
/// </code>
/// A question that took longer than the interval puts the next one off until it has ended, no longer (2'): so a target that is back is seen within one
/// interval even when those before were waited for in vain.
/// </remarks>
/// <param name="watch">Which probe, for what, how often.</param>
/// <param name="probe">The probe.</param>
/// <param name="holds">Whether what it saw will do, and why not, an English clause.</param>
/// <param name="timeline">Where it is told; its clock gives the ticks.</param>
/// <param name="time">Waits for the ticks. The same clock as the timeline's.</param>
public sealed class ContinuousProbe(ProbeWatch watch, IProbe probe, Func<ProbeValue, (bool Holds, string Why)> holds, IChaosTimeline timeline, TimeProvider time)
{
    private ProbeVerdict? _latest;

    /// <summary>The latest answer; null before the first. Any thread may look.</summary>
    public ProbeVerdict? Latest => Volatile.Read(ref _latest);

    /// <summary>Called with every answer, after the timeline was told; the next question waits until it returns.</summary>
    public Action<ProbeVerdict>? Answered { get; init; }

    /// <summary>Asks at once and then at every tick until <paramref name="stop"/>; then it returns, it does not throw.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var start = timeline.Clock.Now;
        try
        {
            for (var tick = 0L; ; tick = Math.Max(tick + 1, (timeline.Clock.Now - start).Ticks / watch.Every.Ticks))
            {
                var wait = start + (tick * watch.Every) - timeline.Clock.Now;
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, time, stop);
                stop.ThrowIfCancellationRequested();
                Take(await AskAsync(stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
    }

    private void Take(ProbeVerdict verdict)
    {
        var before = Latest;
        Volatile.Write(ref _latest, verdict);
        if (before?.Holds != verdict.Holds)
        {
            timeline.Tell(verdict.Holds
                ? new TimelineEvent.ProbeHeld(verdict.At, watch.Experiment, watch.Name, watch.Every)
                : new TimelineEvent.ProbeFailed(verdict.At, watch.Experiment, watch.Name, verdict.Why, watch.Every));
        }
        Answered?.Invoke(verdict);
    }

    /// <summary>Asks once. One that does not heed its cancellation is waited for: it is never asked a second time meanwhile.</summary>
    private async Task<ProbeVerdict> AskAsync(CancellationToken stop)
    {
        var asked = timeline.Clock.Now;
        using var late = new CancellationTokenSource(watch.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        ProbeValue value;
        try
        {
            value = await probe.AskAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            value = default;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A probe that breaks must not end its watch without a word: it fails, and says how.
            return new(asked, false, $"the probe itself broke: {e.Message}", default);
        }
        if (late.IsCancellationRequested)
            return new(asked, false, $"no answer within {watch.Patience.TotalSeconds:0.###} s", default);
        var (held, why) = holds(value);
        return new(asked, held, held ? "" : why, value);
    }
}

/// <summary>What is asked continuously.</summary>
/// <param name="Experiment">The experiment's run's id.</param>
/// <param name="Name">The probe's name.</param>
/// <param name="Every">The interval.</param>
/// <param name="Timeout">How long an answer may take; null for the interval.</param>
public sealed record ProbeWatch(string Experiment, string Name, TimeSpan Every, TimeSpan? Timeout = null)
{
    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience => Timeout ?? Every;
}

/// <summary>An answer of a continuous probe.</summary>
/// <param name="At">When it was asked, on the run clock.</param>
/// <param name="Holds">Whether it will do.</param>
/// <param name="Why">Why not, an English clause; empty if it holds.</param>
/// <param name="Value">What the probe saw.</param>
public sealed record ProbeVerdict(TimeSpan At, bool Holds, string Why, ProbeValue Value);
