using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Reads the closed seconds of a run as they come and tells what happened in them. Not thread-safe.</summary>
internal sealed class LoadWatch
{
    private Queue<TimelineEvent> _planned;
    private bool _failing;

    public LoadWatch(LoadPlan plan, LoadManifest load)
    {
        var planned = new List<TimelineEvent> { new TimelineEvent.RunStarted(TimeSpan.Zero) };
        if (plan.Load is Load.Staged)
            planned.AddRange(load.Segments.Select((s, i) => new TimelineEvent.StageStarted(s.From, i, s.FromRate, s.ToRate)));
        if (plan.WarmUp > TimeSpan.Zero)
            planned.Add(new TimelineEvent.WarmUpEnded(plan.WarmUp));
        _planned = new Queue<TimelineEvent>(planned.OrderBy(e => e.At));
    }

    /// <summary>Passes over what was told already, before the coordinator came back.</summary>
    public void Forget(IEnumerable<TimelineEvent> told) => _planned = new(_planned.Except(told));

    /// <summary>Planned events that lie before <paramref name="now"/> and were not told yet.</summary>
    public IEnumerable<TimelineEvent> Due(TimeSpan now)
    {
        while (_planned.TryPeek(out var next) && next.At <= now)
            yield return _planned.Dequeue();
    }

    /// <summary>Whether the target began to fail every request, or to answer again, in this second.</summary>
    public TimelineEvent? Judge(Interval second)
    {
        var ok = second.Requests.Sum(r => r.Ok);
        var failed = second.Requests.Sum(r => r.Failed - r.ErrorCount(RequestError.Stopped));
        if (ok + failed == 0)
            return null;
        var at = TimeSpan.FromSeconds(second.Second);
        if (_failing && ok > 0)
        {
            _failing = false;
            return new TimelineEvent.TargetRecovered(at);
        }
        if (_failing || ok > 0)
            return null;
        _failing = true;
        var error = second.Requests.SelectMany(r => r.Errors()).GroupBy(e => e.Error).MaxBy(g => g.Sum(e => e.Count))!.Key;
        var status = error == RequestError.CheckFailed
            ? second.Requests.SelectMany(r => r.Statuses()).GroupBy(s => s.Status).MaxBy(g => g.Sum(s => s.Count))?.Key ?? 0
            : 0;
        return new TimelineEvent.TargetFailing(at, error, status);
    }
}
