namespace Pressure.LoadGen.Engine;

/// <summary>Runs a lane on a thread of its own.</summary>
internal static class LaneThread
{
    /// <summary>Completes when the lane is over; a failure names the lane.</summary>
    public static Task Run(LaneShare share, Action run, SecondMerger merger)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Body) { IsBackground = true, Name = $"lane {share.Lane}" };
        thread.Start();
        return over.Task;

        void Body()
        {
            try
            {
                Libc.WakeExactly();
                run();
                over.SetResult();
            }
#pragma warning disable CA1031 // Whatever it is must reach the caller, or the run would wait for this lane for ever.
            catch (Exception e)
#pragma warning restore CA1031
            {
                over.SetException(new InvalidOperationException($"Lane {share.Lane} of the load generator failed: {e.Message}", e));
            }
            finally
            {
                merger.Done(share.Lane);
            }
        }
    }
}
