namespace Pressure.Cluster;

/// <summary>What time it is at the coordinator: at a monotonic moment of this machine it was so late there, give or take.</summary>
/// <param name="At">Timestamp of this machine's monotonic clock.</param>
/// <param name="There">UTC at the coordinator.</param>
/// <param name="Uncertainty">How far that may be wrong, either way.</param>
/// <remarks>The wall clock of this machine does not enter, so it may be set at any time.</remarks>
internal readonly record struct ClockEstimate(long At, DateTimeOffset There, TimeSpan Uncertainty)
{
    /// <summary>Of a question that was sent and answered: the answer was written somewhere in between, so the middle is wrong by half the time at the most.</summary>
    public static ClockEstimate Of(TimeProvider time, long asked, long answered, DateTimeOffset there)
    {
        var half = time.GetElapsedTime(asked, answered) / 2;
        return new(answered, there + half, half);
    }

    /// <summary>How far it may be wrong by now: clocks that nobody corrects part by a ten thousandth at the most.</summary>
    public TimeSpan UncertaintyNow(TimeProvider time) => Uncertainty + (time.GetElapsedTime(At) / 10_000);

    /// <summary>The timestamp of this machine at which it is so late at the coordinator.</summary>
    public long TimestampAt(TimeProvider time, DateTimeOffset there) => At + (long)((there - There).TotalSeconds * time.TimestampFrequency);

    /// <summary>Coordinator's wall clock minus this machine's.</summary>
    public TimeSpan Offset(TimeProvider time) => There + time.GetElapsedTime(At) - time.GetUtcNow();
}
