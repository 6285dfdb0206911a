using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>One question and its answer: <c>Sent</c> and <c>Received</c> on the centre's clock, <c>HostReceived</c> and <c>HostSent</c> on the host's, all UTC.</summary>
internal readonly record struct ClockReading(DateTimeOffset Sent, DateTimeOffset HostReceived, DateTimeOffset HostSent, DateTimeOffset Received);

/// <summary>
/// A host's clock against the centre's, by round trips.
/// <code>
/// centre  ──sent────────────────received──▶      offset = middle of (sent, received) - middle of (host's)
///             \                /
/// host    ─────received───sent────────────▶      the true one is no further off than half the time on the way
/// </code>
/// The shortest round trip of late counts; one that is getting old counts with what clocks may have drifted apart since. An answer that does not fit
/// what was known means that a clock was set: only what comes from then on counts. Not thread-safe.
/// </summary>
internal sealed class ClockEstimator
{
    /// <summary>How fast two clocks without discipline may drift apart: 50 millionths, a common quartz's tolerance.</summary>
    private const double Drift = 50e-6;

    /// <summary>Readings that are kept; at one a minute, of the last minutes.</summary>
    private const int Most = 8;

    private readonly Queue<(DateTimeOffset At, ClockEstimate Estimate)> _late = new(Most);

    /// <summary>The estimate from before the clock was last set; null if it has not been.</summary>
    public ClockEstimate? BeforeJump { get; private set; }

    /// <summary>Whether anything is known.</summary>
    public bool IsKnown => _late.Count > 0;

    /// <summary>Takes a reading; false if it makes no sense (the host's clock was set between, or the host makes it up) and was left out.</summary>
    public bool Take(ClockReading reading)
    {
        var trip = reading.Received - reading.Sent;
        var within = reading.HostSent - reading.HostReceived;
        if (trip < TimeSpan.Zero || within < TimeSpan.Zero || within > trip)
            return false;
        var offset = (reading.Sent - reading.HostReceived + (reading.Received - reading.HostSent)) / 2;
        var taken = new ClockEstimate(offset, (trip - within) / 2);
        if (At(reading.Received) is { } known && (taken.Offset - known.Offset).Duration() > taken.Uncertainty + known.Uncertainty)
        {
            BeforeJump = known;
            _late.Clear();
        }
        if (_late.Count == Most)
            _late.Dequeue();
        _late.Enqueue((reading.Received, taken));
        return true;
    }

    /// <summary>The best estimate at a moment of the centre's clock; null if nothing is known.</summary>
    public ClockEstimate? At(DateTimeOffset now)
    {
        ClockEstimate? best = null;
        foreach (var (at, estimate) in _late)
        {
            var aged = estimate with { Uncertainty = estimate.Uncertainty + ((now - at).Duration() * Drift) };
            if (best is null || aged.Uncertainty < best.Value.Uncertainty)
                best = aged;
        }
        return best;
    }
}
