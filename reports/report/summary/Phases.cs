using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Where the time of requests went, in milliseconds.</summary>
internal static class Phases
{
    /// <summary>The figures; null when no phase was measured.</summary>
    public static PhaseSummary? Of(RequestInterval total)
    {
        var ended = total.Ok + total.Failed;
        if (!total.Phases.Any || ended == 0)
            return null;
        var known = Enum.GetValues<RequestPhase>().Aggregate(TimeSpan.Zero, (sum, p) => sum + total.Phases.Total(p));
        // Both sides are taken from histograms, whose precision can make the parts a hair more than the whole.
        var own = total.ResponseTime.Mean - known / ended;
        return new(
            Figures(total, RequestPhase.Blocked, ended), Figures(total, RequestPhase.Resolving, ended), Figures(total, RequestPhase.Connecting, ended),
            Figures(total, RequestPhase.Handshaking, ended), Figures(total, RequestPhase.Sending, ended), Figures(total, RequestPhase.Waiting, ended),
            Figures(total, RequestPhase.Receiving, ended), Durations.Milliseconds(own > TimeSpan.Zero ? own : TimeSpan.Zero));
    }

    private static PhaseFigures Figures(RequestInterval total, RequestPhase phase, long ended)
    {
        var times = total.Phases[phase] ?? new Histogram();
        var d = Durations.Of(times);
        return new(times.Count, Durations.Milliseconds(total.Phases.Total(phase) / ended), d.Mean, d.P50, d.P95, d.P99, d.Max);
    }
}
