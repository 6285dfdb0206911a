using System.Collections.Concurrent;

namespace Pressure.Cluster;

/// <summary>Questions that wait for their answers, by what tells them apart. An answer that nobody waits for is passed over. Thread-safe.</summary>
internal sealed class PendingAnswers<TKey, TAnswer>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TaskCompletionSource<TAnswer>> _waiting = new();

    /// <summary>An answer has come.</summary>
    public void Take(TKey key, TAnswer answer)
    {
        if (_waiting.TryGetValue(key, out var waiting))
            waiting.TrySetResult(answer);
    }

    /// <summary>Asks, and waits for the answer for a while.</summary>
    /// <returns>Whether one came.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    /// <exception cref="BusException">The question could not be asked.</exception>
    public async Task<(bool Came, TAnswer? Answer)> AskAsync(TKey key, Func<ValueTask> ask, TimeSpan wait, TimeProvider time, CancellationToken stop)
    {
        var waiting = _waiting.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await ask();
            return (true, await waiting.Task.WaitAsync(wait, time, stop));
        }
        catch (TimeoutException)
        {
            return (false, default);
        }
        finally
        {
            _waiting.TryRemove(key, out _);
        }
    }
}
