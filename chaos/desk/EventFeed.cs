using System.Runtime.CompilerServices;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>What a drill tells, kept in order for any number of followers. Thread-safe.</summary>
public sealed class EventFeed
{
    /// <summary>Events that are kept; the record on disk has all.</summary>
    public const int Most = 5_000;

    private readonly Lock _gate = new();
    private readonly List<TimelineEvent> _events = [];
    private TaskCompletionSource _more = NewSignal();
    private int _forgotten;
    private bool _isOver;

    /// <summary>What was told and is kept, oldest first, and the number of the first.</summary>
    public (int First, IReadOnlyList<TimelineEvent> Events) Kept()
    {
        lock (_gate)
            return (_forgotten, [.. _events]);
    }

    /// <summary>All events from number <paramref name="from"/> (0: the first) on that are kept, then new ones as they come, until the drill is over.</summary>
    public async IAsyncEnumerable<(int Number, TimelineEvent What)> Follow(int from, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var number = Math.Max(0, from); ; number++)
        {
            Task? more = null;
            TimelineEvent? what = null;
            lock (_gate)
            {
                number = Math.Max(number, _forgotten);
                if (number - _forgotten < _events.Count)
                    what = _events[number - _forgotten];
                else if (_isOver)
                    yield break;
                else
                    more = _more.Task;
            }
            if (what is not null)
            {
                yield return (number, what);
                continue;
            }
            await more!.WaitAsync(stop);
            number--;
        }
    }

    internal void Publish(TimelineEvent what) => Change(() =>
    {
        _events.Add(what);
        if (_events.Count <= Most)
            return;
        _events.RemoveAt(0);
        _forgotten++;
    });

    internal void Complete() => Change(() => _isOver = true);

    private void Change(Action change)
    {
        TaskCompletionSource waiters;
        lock (_gate)
        {
            change();
            waiters = _more;
            _more = NewSignal();
        }
        waiters.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
