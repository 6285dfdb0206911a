namespace Pressure.LoadGen;

/// <summary>A lane of the engine was blocked and has been given up; what it had measured before stands in the closed seconds.</summary>
/// <param name="lane">Number of the lane, from 0.</param>
/// <param name="silence">How long nothing had been heard of it.</param>
public sealed class LaneStuckException(int lane, TimeSpan silence)
    : InvalidOperationException($"Lane {lane} of the load generator has not turned for {silence.TotalSeconds:0} s")
{
    /// <summary>Number of the lane, from 0.</summary>
    public int Lane => lane;

    /// <summary>How long nothing had been heard of it.</summary>
    public TimeSpan Silence => silence;
}
