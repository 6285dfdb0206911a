using System.Diagnostics;

namespace Pressure.Faults;

/// <summary>Burns a share of some cores: a thread for each, which works until it has used what is due to it and then waits for a moment.</summary>
/// <remarks>Counted is the CPU time that a thread was given, so that the share is met beside other work too.</remarks>
internal sealed class CpuBurning : IBurning
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    /// <summary>What could not be had is not made up for beyond this: a burner that was starved does not rage afterwards.</summary>
    private static readonly TimeSpan MostOwed = TimeSpan.FromMilliseconds(200);

    /// <summary>Starts to burn.</summary>
    public CpuBurning(BurnerOrder order)
    {
        for (var core = 0; core < order.Cores; core++)
            new Thread(() => Burn(order.Share)) { IsBackground = true }.Start();
    }

    /// <inheritdoc/>
    public void Look()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Its threads end with the process.
    }

    private static void Burn(double share)
    {
        var (begun, used) = (Stopwatch.GetTimestamp(), KernelCalls.CpuOfThread());
        while (true)
        {
            var owed = (share * Stopwatch.GetElapsedTime(begun)) - (KernelCalls.CpuOfThread() - used);
            if (owed > MostOwed)
                (begun, used) = (Stopwatch.GetTimestamp(), KernelCalls.CpuOfThread());
            if (owed > TimeSpan.Zero || share >= 1)
                Spin();
            else
                KernelCalls.Ended(-1, Slice);
        }
    }

    /// <summary>About a millisecond of work.</summary>
    private static void Spin()
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(1))
            Thread.SpinWait(50);
    }
}
