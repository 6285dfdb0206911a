namespace Pressure.Cluster;

/// <summary>
/// Whether silence is the workers' own: while nothing can be carried nobody can be heard, and after this process stood still what came meanwhile is read first. Not thread-safe.
/// </summary>
internal sealed class HearingWatch
{
    /// <summary>Between two looks; a longer time was no silence of the workers but of this process.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);

    /// <summary>So long after that everybody who is there has been heard again.</summary>
    private static readonly TimeSpan HearingAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>A process that always looks late must judge all the same.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private TimeSpan _lookedAt;
    private TimeSpan _judgeFrom = -Between;

    /// <summary>Whether who is silent may be given up.</summary>
    /// <param name="now">On the run's clock; to be asked again and again.</param>
    /// <param name="isConnected">Whether the bus carries anything.</param>
    public bool CanJudge(TimeSpan now, bool isConnected)
    {
        var stoodStill = now - _lookedAt > LongestLook && now - _judgeFrom >= Between;
        if (!isConnected || stoodStill)
            _judgeFrom = now + HearingAgain;
        _lookedAt = now;
        return isConnected && now >= _judgeFrom;
    }
}
