using Pressure.Cluster;
using Pressure.Web.Runs;

namespace Pressure.Web.Health;

/// <summary>Whether every run that goes on still tells something: each tells of every second, and reports take a while.</summary>
internal sealed class RunsCheck(ActiveRuns runs, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestReporting = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, (int Told, DateTimeOffset Since)> _seen = [];
    private readonly Lock _gate = new();

    public string Name => "runs";

    public Task<HealthFinding> CheckAsync()
    {
        var now = time.GetUtcNow();
        var active = runs.All();
        lock (_gate)
        {
            foreach (var gone in _seen.Keys.Except(active.Select(r => r.Manifest.Id)).ToList())
                _seen.Remove(gone);
            var stuck = active.Where(r => IsStuck(r, now)).Select(r => r.Manifest.Id).ToList();
            return Task.FromResult(stuck.Count > 0
                ? new HealthFinding(HealthLevel.Failing, $"nothing is told any more by {string.Join(", ", stuck)}")
                : new HealthFinding(HealthLevel.Ok, active.Count == 0 ? "none goes on" : $"{active.Count} go on"));
        }
    }

    private bool IsStuck(RunHandle run, DateTimeOffset now)
    {
        var told = run.Live.Published;
        if (!_seen.TryGetValue(run.Manifest.Id, out var before) || before.Told != told)
            _seen[run.Manifest.Id] = before = (told, now);
        return now - before.Since > (run.Status.Phase == RunPhase.Reporting ? LongestReporting : LongestSilence);
    }
}
