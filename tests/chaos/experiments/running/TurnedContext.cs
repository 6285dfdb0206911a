namespace Pressure.Chaos.Tests.Experiments.Running;

/// <summary>Runs asynchronous code in one thread under a clock that is turned only when nothing is left to do: what happens when is exact.</summary>
internal sealed class TurnedContext(FakeTime time) : SynchronizationContext
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly Queue<(SendOrPostCallback Call, object? State)> _queue = [];

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_queue)
            _queue.Enqueue((d, state));
    }

    /// <summary>Runs it to its end, which must come within an hour of the turned clock.</summary>
    /// <param name="work">What is run.</param>
    /// <param name="at">What happens meanwhile, by the time since the start.</param>
    public T Run<T>(Func<Task<T>> work, params (TimeSpan At, Action Do)[] at)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = work();
            var waiting = at.OrderBy(a => a.At).ToList();
            for (var now = TimeSpan.Zero; !Drained(task); now += Step)
            {
                // Some cancellations go by way of another thread, which the turned clock knows nothing of.
                Assert.True(now < TimeSpan.FromHours(1) || SpinWait.SpinUntil(() => Drained(task), TimeSpan.FromSeconds(30)), "It did not end.");
                while (waiting.Count > 0 && waiting[0].At <= now)
                {
                    waiting[0].Do();
                    waiting.RemoveAt(0);
                    Drained(task);
                }
                if (task.IsCompleted)
                    break;
                time.Advance(Step);
            }
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool Drained(Task task)
    {
        while (true)
        {
            (SendOrPostCallback Call, object? State) next;
            lock (_queue)
            {
                if (!_queue.TryDequeue(out next))
                    return task.IsCompleted;
            }
            next.Call(next.State);
        }
    }
}
