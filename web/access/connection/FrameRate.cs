namespace Pressure.Web.Access;

/// <summary>Lets a number of things a second pass over a longer time, and more at a stretch. Not thread-safe.</summary>
internal struct FrameRate(int perSecond, int burst, long now)
{
    private double _left = burst;
    private long _at = now;

    /// <summary>Whether one more may pass now.</summary>
    public bool Take(long now, TimeProvider time)
    {
        if (_left < 1)
        {
            // Only then is the time that went by worth counting.
            _left = Math.Min(burst, _left + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
            _at = now;
        }
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
