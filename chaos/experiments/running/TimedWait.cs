namespace Pressure.Chaos;

/// <summary>Waits on a clock. Unlike Task.Delay, cancelling it needs no other thread to take effect, so that under a turned clock it is exact.</summary>
internal static class TimedWait
{
    /// <summary>Waits for a span.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task ForAsync(TimeSpan span, TimeProvider time, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = stop.UnsafeRegister((_, token) => over.TrySetCanceled(token), null);
        await using var timer = time.CreateTimer(_ => over.TrySetResult(), null, span, Timeout.InfiniteTimeSpan);
        await over.Task;
    }
}
