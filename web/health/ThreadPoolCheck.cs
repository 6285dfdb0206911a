namespace Pressure.Web.Health;

/// <summary>How long work waits for a thread: something that blocks the pool's threads shows here before nothing answers any more.</summary>
internal sealed class ThreadPoolCheck(TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TooSlow = TimeSpan.FromSeconds(5);

    public string Name => "threads";

    public async Task<HealthFinding> CheckAsync()
    {
        var asked = time.GetTimestamp();
        var begun = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(_ => begun.SetResult(time.GetElapsedTime(asked)), null);
        var waited = await begun.Task;
        return new(waited > TooSlow ? HealthLevel.Failing : waited > Slow ? HealthLevel.Warning : HealthLevel.Ok, $"work waits {waited.TotalMilliseconds:0} ms for a thread");
    }
}
