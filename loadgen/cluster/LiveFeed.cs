using System.Runtime.CompilerServices;

namespace Pressure.Cluster;

/// <summary>The updates of one run, kept in order, for any number of followers.</summary>
public sealed class LiveFeed
{
    private readonly Lock _gate = new();
    private readonly List<LiveUpdate> _updates = [];
    private TaskCompletionSource _more = NewSignal();

    /// <summary>All updates from number <paramref name="from"/> (0: the first) on, then new ones as they come, until <see cref="LiveUpdate.Finished"/>.</summary>
    public async IAsyncEnumerable<(int Number, LiveUpdate Update)> Follow(int from, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var number = Math.Max(0, from); ; number++)
        {
            var update = await At(number, stop);
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
            _updates.Add(update);
            waiters = _more;
            _more = NewSignal();
        }
        waiters.SetResult();
    }

    private async ValueTask<LiveUpdate> At(int number, CancellationToken stop)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (number < _updates.Count)
                    return _updates[number];

                // A follower that asks for more than there will ever be gets the end.
                if (_updates is [.., LiveUpdate.Finished last])
                    return last;
                more = _more.Task;
            }
            await more.WaitAsync(stop);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
