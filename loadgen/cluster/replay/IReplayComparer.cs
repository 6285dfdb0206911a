using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Takes answers of a replay to hold them against others. Called by lanes, so quick: what it keeps it copies.</summary>
internal interface IReplayComparer
{
    /// <summary>Takes an answer.</summary>
    /// <param name="captured">What was captured.</param>
    /// <param name="request">What was sent.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="answer">What came back; valid during the call.</param>
    void Take(CapturedExchange captured, EncodedRequest request, ReplayClient sender, in ReplayedAnswer answer);
}
