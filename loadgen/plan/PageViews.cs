using Pressure.Record;

namespace Pressure.LoadGen;

/// <summary>Page views and how they spread over the day.</summary>
public sealed record PageViews
{
    /// <summary>Page views a day.</summary>
    public required double PerDay { get; init; }

    /// <summary>Share (0 to 1) of them in the busy window.</summary>
    public double Share { get; init; } = 0.8;

    /// <summary>Length of the day that is looked at: 24 h, or less for an 8-hour day.</summary>
    public TimeSpan Day { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The busy window as a share (0 to 1) of <see cref="Day"/>.</summary>
    public double Window { get; init; } = 0.2;

    /// <summary>Requests that one page view causes.</summary>
    public double RequestsPerPage { get; init; } = 1;

    /// <summary>Multiplier for an event.</summary>
    public double Event { get; init; } = 1;

    /// <summary>What one machine carries (requests per second), if known.</summary>
    public double? PerMachine { get; init; }

    /// <summary>The arithmetic with its operands and results: QPS = PV x requestsPerPage x share / (day x window) x event; the target is QPS rounded up.</summary>
    /// <remarks>Operands are taken with their 15 significant decimal digits; a target that is whole up to one part in 10^9 is not rounded up.</remarks>
    /// <exception cref="OverflowException">The operands are beyond any traffic on earth; the plan reader refuses such.</exception>
    public PageViewManifest Derive()
    {
        var views = (decimal)PerDay * (decimal)RequestsPerPage * (decimal)Share * (decimal)Event;
        var seconds = (decimal)Day.TotalSeconds * (decimal)Window;
        var qps = views / seconds;
        return new()
        {
            PerDay = PerDay,
            RequestsPerPage = RequestsPerPage,
            Share = Share,
            DaySeconds = Day.TotalSeconds,
            Window = Window,
            Event = Event,
            Qps = (double)qps,
            TargetQps = (double)RoundedUp(qps),
            PerMachineQps = PerMachine,
            Machines = PerMachine is { } one ? (int)RoundedUp(qps / (decimal)one) : null,
        };
    }

    // A window of 3 minutes is 0.00208333... of a day: what its last digit adds must not cost a whole request per second.
    private static decimal RoundedUp(decimal value) => Math.Max(1, Math.Ceiling(value * (1 - 1e-9m)));
}
