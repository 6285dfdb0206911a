using System.Collections.Concurrent;
using Pressure.Cluster;

namespace Pressure.Web.Runs;

/// <summary>The runs that go on in this service: a bounded number, since runs on one machine disturb each other's figures. Thread-safe.</summary>
internal sealed class ActiveRuns(int atOnce)
{
    private readonly ConcurrentDictionary<string, RunHandle> _runs = new();
    private readonly Lock _gate = new();
    private bool _closing;

    public RunHandle? Find(string id) => _runs.GetValueOrDefault(id);

    public IReadOnlyList<RunHandle> All() => [.. _runs.Values.OrderBy(r => r.Manifest.StartedAt)];

    /// <summary>Starts a run if there is room; null (and nothing started) if there is none or the service is about to end.</summary>
    public RunHandle? TryStart(Func<RunHandle> start)
    {
        lock (_gate)
        {
            if (_closing || _runs.Count >= atOnce)
                return null;
            var run = start();
            _runs[run.Manifest.Id] = run;
            run.Completion.ContinueWith(_ => _runs.TryRemove(run.Manifest.Id, out RunHandle? _), TaskScheduler.Default);
            return run;
        }
    }

    /// <summary>Starts nothing more, stops all runs and waits for their reports, but no longer than <paramref name="patience"/>.</summary>
    public async Task StopAllAsync(string by, TimeSpan patience, TimeProvider time)
    {
        lock (_gate)
            _closing = true;
        var runs = All();
        foreach (var run in runs)
            run.Stop(by);
        try
        {
            await Task.WhenAll(runs.Select(r => r.Completion)).WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // Seconds measured so far are on disk; the next start of the service writes the missing reports from them.
        }
    }
}
