namespace Pressure.TrafficCopy;

/// <summary>
/// Tells when a live capture that is to end has read all that passed before it was told to. The kernel hands packets on only when their block is full or old, and
/// the thread may lose its core for any time at any place: so only a reading counts that began late enough, and found the end.
/// </summary>
internal sealed class LastReading(TimeProvider time, TimeSpan patience)
{
    private LiveCaptureEnd? _why;
    private long _asked;
    private long _askedAt;
    private long _began;

    /// <summary>A reading begins.</summary>
    public void Begin() => _began = time.GetTimestamp();

    /// <summary>It is to end; the first reason holds.</summary>
    public void Ask(LiveCaptureEnd why)
    {
        if (_why is not null)
            return;
        _why = why;
        _asked = time.GetTimestamp();
        _askedAt = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>Why it ends after the reading that has just been made; null when it goes on.</summary>
    /// <param name="foundEnd">Whether that reading read on until nothing was there.</param>
    /// <param name="lastAt">When the last packet passed. A link that never falls quiet has been read far enough with one that is younger than the order to end.</param>
    public LiveCaptureEnd? After(bool foundEnd, long lastAt) =>
        _why is not null && time.GetElapsedTime(_asked, _began) >= patience && (foundEnd || lastAt > _askedAt) ? _why : null;
}
