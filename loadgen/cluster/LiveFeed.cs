using System.Runtime.CompilerServices;

namespace Pressure.Cluster;

/// <summary>The updates of one run, kept in order, for any number of followers.</summary>
/// <remarks>
/// A run may last for weeks: of more than <see cref="MostSeconds"/> seconds every other one of the older half is forgotten, again and
/// again, so that a late follower sees the whole run, the coarser the longer ago. Everything else is kept; reports are made of the
/// record on disk.
/// </remarks>
public sealed class LiveFeed
{
    /// <summary>Closed seconds that are kept.</summary>
    public const int MostSeconds = 7_200;

    private readonly Lock _gate = new();
    private readonly List<(int Number, LiveUpdate Update)> _updates = [];
    private TaskCompletionSource _more = NewSignal();
    private int _published;
    private int _seconds;

    /// <summary>How many updates there were so far.</summary>
    public int Published
    {
        get
        {
            lock (_gate)
                return _published;
        }
    }

    /// <summary>All updates from number <paramref name="from"/> (0: the first) on that are kept, then new ones as they come, until <see cref="LiveUpdate.Finished"/>.</summary>
    public async IAsyncEnumerable<(int Number, LiveUpdate Update)> Follow(int from, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var number = Math.Max(0, from); ; number++)
        {
            (number, var update) = await At(number, stop);
            yield return (number, update);
            if (update is LiveUpdate.Finished)
                yield break;
        }
    }

    internal void Publish(LiveUpdate update)
    {
        TaskCompletionSource waiters;
        lock (_gate)
        {
            _updates.Add((_published++, update));
            if (update is LiveUpdate.Second && ++_seconds > MostSeconds)
                Thin();
            waiters = _more;
            _more = NewSignal();
        }
        waiters.SetResult();
    }

    private void Thin()
    {
        var seen = 0;
        _updates.RemoveAll(u => u.Update is LiveUpdate.Second && ++seen <= MostSeconds / 2 && seen % 2 == 0);
        _seconds -= MostSeconds / 4;
    }

    private async ValueTask<(int Number, LiveUpdate Update)> At(int number, CancellationToken stop)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (number < _published)
                    return _updates[FirstFrom(number)];

                // A follower that asks for more than there will ever be gets the end.
                if (_updates is [.., (_, LiveUpdate.Finished) last])
                    return last;
                more = _more.Task;
            }
            await more.WaitAsync(stop);
        }
    }

    // The last update is never forgotten, so there is one.
    private int FirstFrom(int number)
    {
        var (low, high) = (0, _updates.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_updates[middle].Number < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
