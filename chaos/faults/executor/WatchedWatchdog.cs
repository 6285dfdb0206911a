namespace Pressure.Faults;

/// <summary>
/// An executor's look at its watchdog, now and then: one that died is followed by another, and so is one that stands still. Nobody would revert what this
/// executor has, if that died next.
/// </summary>
/// <param name="watchdog">The watchdog of its folder.</param>
/// <param name="time">The clock.</param>
internal sealed class WatchedWatchdog(WatchdogProcess watchdog, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Looks until it is stopped.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested)
                await LookAsync();
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await watchdog.EnsureAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next look tries again; faults that hold are undone by this process itself as long as it lives.
        }
    }
}
