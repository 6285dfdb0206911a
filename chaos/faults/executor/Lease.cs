namespace Pressure.Faults;

/// <summary>What a controller renews as long as it is there: when it has not for the lease's length, it is lost.</summary>
/// <param name="time">The clock.</param>
/// <param name="length">The lease's length.</param>
internal sealed class Lease(TimeProvider time, TimeSpan length)
{
    private long _renewed;

    /// <summary>Heard of it.</summary>
    public void Renew() => Volatile.Write(ref _renewed, time.GetTimestamp());

    /// <summary>Begins, and completes when it is lost.</summary>
    public async Task LostAsync(CancellationToken stop)
    {
        // Now, not when it was made: until somebody listens, nothing can be heard of the controller.
        Renew();
        while (length - time.GetElapsedTime(Volatile.Read(ref _renewed)) is var left && left > TimeSpan.Zero)
            await Task.Delay(left, time, stop);
    }
}
