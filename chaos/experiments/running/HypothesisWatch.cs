namespace Pressure.Chaos;

/// <summary>
/// Asks the hypothesis again and again while the method is under way and until it is known whether it holds afterwards. A probe that fails ends the
/// experiment if it is to.
/// </summary>
internal sealed class HypothesisWatch : IAsyncDisposable
{
    private readonly ExperimentRun _run;
    private readonly IReadOnlyList<(Activity Activity, WatchedProbe Probe, ContinuousProbe Continuous)> _probes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _asking;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, bool> _held = [];
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _onlyRecords;

    public HypothesisWatch(ExperimentRun run, ActivityRunner activities, TimeSpan every)
    {
        _run = run;
        _probes = [.. run.Experiment.Hypothesis!.Probes.Select(activity =>
        {
            var probe = new WatchedProbe(activity, activities);
            // What lets a connection hang is seen within an interval, but nothing is asked for faster than a program starts.
            var patience = Timeout(activity.Provider) ?? (every > TimeSpan.FromSeconds(1) ? every : TimeSpan.FromSeconds(1));
            var watch = new ProbeWatch(run.Id, activity.Name, every, patience);
            return (activity, probe, new ContinuousProbe(watch, probe, _ => probe.Verdict(run.Journal), run.World.Timeline, run.World.Time) { Answered = v => Answered(activity, probe, v) });
        })];
        _asking = Task.WhenAll(_probes.Select(p => p.Continuous.RunAsync(_stop.Token)));
    }

    /// <summary>From here on a failing probe ends nothing any more: everything is being undone.</summary>
    public void OnlyRecord() => _onlyRecords = true;

    /// <summary>What all probes gave that were asked from a moment on, once all hold, or time is up.</summary>
    public async Task<HypothesisState> AfterAsync(TimeSpan since, TimeSpan deadline, CancellationToken stop)
    {
        while (true)
        {
            Task next;
            lock (_gate)
                next = _answered.Task;
            var latest = _probes.Select(p => (p.Activity, p.Continuous.Latest, p.Probe.Latest)).ToList();
            if (latest.All(l => l.Item2?.At >= since) && (_run.Now >= deadline || latest.All(l => l.Item2!.Holds)))
                return new([.. latest.Select(l => new ProbeState(l.Activity, l.Item3 ?? new(l.Item2!.At, l.Item2.At, null, null), l.Item2!.Holds ? null : l.Item2.Why))]);
            await next.WaitAsync(stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _asking;
        _stop.Dispose();
    }

    private void Answered(Activity activity, WatchedProbe probe, ProbeVerdict verdict)
    {
        bool changed;
        lock (_gate)
        {
            changed = !_held.TryGetValue(activity.Name, out var before) || before != verdict.Holds;
            _held[activity.Name] = verdict.Holds;
        }
        // Every answer would make the journal as long as the drill; what changes is what is looked for.
        if (changed)
            _run.Journal.Take("during", new([new(activity, probe.Latest ?? new(verdict.At, verdict.At, null, verdict.Why), verdict.Holds ? null : verdict.Why)]));
        if (!verdict.Holds && !_onlyRecords && _run.Experiment.Settings.StopOnDeviation)
            _run.Deviate($"the hypothesis does not hold any more: {activity.Name}: {verdict.Why}");
        TaskCompletionSource answered;
        lock (_gate)
            (answered, _answered) = (_answered, new(TaskCreationOptions.RunContinuationsAsynchronously));
        answered.SetResult();
    }

    private static TimeSpan? Timeout(Provider provider) => provider switch
    {
        Provider.Http { Timeout: { } timeout } => timeout,
        Provider.Process { Timeout: { } timeout } => timeout,
        _ => null,
    };
}
