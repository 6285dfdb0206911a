using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Notices lanes that turn no more: each closes its seconds in time, however much it has to do, so one that closes none for long is
/// blocked (by a bug, or by the machine) and would keep the run from ever ending.
/// </summary>
/// <remarks>
/// Silence is counted in ticks, not read off a clock: a machine that was suspended has silent lanes and a silent watchdog.
/// <code>
/// lane -- closed second --> watchdog -- the same --> merger
///                              |
/// every second: heard of? -----+--> no, many times in a row: the lane is given up, the run ends without it
/// </code>
/// </remarks>
internal sealed class LaneWatchdog(SecondMerger merger, int lanes, RunClock clock, int patience, int firstSecond = 0) : ISecondSink
{
    /// <summary>Seconds of silence after which a lane is given up.</summary>
    public const int Patience = 10;

    private readonly TimeSpan _firstClose = TimeSpan.FromSeconds(firstSecond + 1);

    private readonly int[] _silent = new int[lanes];
    private readonly TaskCompletionSource[] _givenUp = [.. Enumerable.Range(0, lanes).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    /// <inheritdoc/>
    public LaneSecond Exchange(int lane, LaneSecond closed)
    {
        Volatile.Write(ref _silent[lane], 0);
        return merger.Exchange(lane, closed);
    }

    /// <summary>Completes with the lane, or fails with <see cref="LaneStuckException"/> as soon as the lane is given up.</summary>
    public async Task Guard(int lane, Task running) => await await Task.WhenAny(running, _givenUp[lane].Task);

    /// <summary>Watches until told that all is over.</summary>
    public async Task WatchAsync(CancellationToken over)
    {
        using var everySecond = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await everySecond.WaitForNextTickAsync(over))
            {
                // Before the first second is over nobody has anything to say.
                for (var lane = 0; clock.Now > _firstClose && lane < lanes; lane++)
                    Look(lane);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private void Look(int lane)
    {
        if (Interlocked.Increment(ref _silent[lane]) <= patience || !_givenUp[lane].TrySetException(new LaneStuckException(lane, TimeSpan.FromSeconds(patience))))
            return;
        merger.Done(lane);
    }
}
