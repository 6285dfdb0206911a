namespace Pressure.LoadGen.Tests.Share;

/// <summary>
/// The machine's clock, but at one of its readings the process is as if frozen: whoever reads it waits until what has been sent before is where it was to go, and then finds that
/// much time has passed.
/// </summary>
internal sealed class FreezingTime(int atReading, TimeSpan length, Func<int> count) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly long _begin = System.GetTimestamp();
    private long _offset;
    private int _readings;

    /// <summary>What had been counted when it woke up; null before.</summary>
    public int? CountedAtWaking { get; private set; }

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow();

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            // The first half second is left to the beginning.
            if (CountedAtWaking is null && System.GetElapsedTime(_begin) > TimeSpan.FromMilliseconds(500) && ++_readings == atReading)
            {
                CountedAtWaking = WaitForQuiet();
                _offset = (long)(length.TotalSeconds * TimestampFrequency);
            }

            return System.GetTimestamp() + _offset;
        }
    }

    private int WaitForQuiet()
    {
        using var never = new ManualResetEventSlim();
        for (var seen = -1; ;)
        {
            never.Wait(TimeSpan.FromMilliseconds(200));
            var now = count();
            if (now == seen)
                return now;
            seen = now;
        }
    }
}
