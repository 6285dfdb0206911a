namespace Pressure.Chaos.Tests.Experiments.Running;

/// <summary>Holds faults in memory and does with them what a test says.</summary>
internal sealed class FakeExecutor(FakeTime time) : IFaultExecutor
{
    private readonly Dictionary<string, (FaultOrder Order, TaskCompletionSource<FaultEnd> End)> _all = [];

    public string Host => "local";

    /// <summary>What its handles begin with: no two executors give the same.</summary>
    public string Prefix { get; init; } = "h";

    /// <summary>Everything that was ordered, in order.</summary>
    public List<(TimeSpan At, FaultOrder Order)> Ordered { get; } = [];

    /// <summary>Names of what is in force.</summary>
    public IReadOnlyList<string> InForce => [.. _all.Values.Where(f => !f.End.Task.IsCompleted).Select(f => f.Order.Target.Label)];

    public bool IsDisposed { get; private set; }

    public bool HasEnded { get; set; }

    /// <summary>Says how a start goes; null for in force.</summary>
    public Func<FaultOrder, FaultStart?> Start { get; set; } = _ => null;

    /// <summary>Says how an undoing goes.</summary>
    public Func<FaultOrder, UndoOutcome> Undo { get; set; } = _ => new UndoOutcome.Undone();

    /// <summary>The process that holds the faults is gone.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whoever ends a fault has its answer before those who only watch it.</summary>
    public bool TellsWatchersLate { get; set; }

    public Task<FaultStart> StartAsync(FaultOrder order, CancellationToken stop)
    {
        Ordered.Add((Now, order));
        if (Start(order) is { } other)
            return Task.FromResult(other);
        var handle = $"{Prefix}{_all.Count}";
        _all[handle] = (order, new());
        _ = AtDeadlineAsync(handle, order.Duration);
        return Task.FromResult<FaultStart>(new FaultStart.InForce(handle, time.GetUtcNow(), time.GetUtcNow() + order.Duration));
    }

    public Task<FaultEnd> EndAsync(string handle) => IsLost ? throw new IOException("the pipe is broken") : Task.FromResult(End(handle, "controller"));

    public async Task<IReadOnlyList<FaultEnd>> EndAllAsync() => await Task.WhenAll(_all.Keys.Select(EndAsync));

    public Task<FaultEnd> EndOf(string handle) => TellsWatchersLate ? new TaskCompletionSource<FaultEnd>().Task : _all[handle].End.Task;

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Somebody else ends everything.</summary>
    public void EndAllBy(string by) => _all.Keys.ToList().ForEach(h => End(h, by));

    private TimeSpan Now => TimeSpan.FromTicks(time.GetTimestamp());

    private async Task AtDeadlineAsync(string handle, TimeSpan duration)
    {
        await Task.Delay(duration, time);
        End(handle, "deadline");
    }

    private FaultEnd End(string handle, string by)
    {
        var (order, end) = _all[handle];
        end.TrySetResult(new(handle, Undo(order), time.GetUtcNow(), by));
        return end.Task.Result;
    }
}
