using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>One second's counts of one lane, used over and over: memory for histograms is grown once, not every second.</summary>
internal sealed class LaneSecond(int requestCount)
{
    /// <summary>The counts; the second's number stands beside, since this object serves many.</summary>
    public Interval Counts { get; } = new(0, 0, requestCount);

    /// <summary>Which second these counts are of.</summary>
    public int Second { get; set; }

    /// <summary>Share (0 to 1) of the second in which the loop did not wait.</summary>
    public double Busy { get; set; }
}

/// <summary>Takes closed seconds off a lane. Called on the lane's thread; must not block.</summary>
internal interface ISecondSink
{
    /// <summary>Hands over a closed second; returns an empty one to go on with.</summary>
    LaneSecond Exchange(int lane, LaneSecond closed);
}
