using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What a threshold can look at. A closed set of kinds; <see cref="All"/> is the one list of metrics.</summary>
internal abstract record Metric(string Name)
{
    /// <summary>Durations: avg, min, med, max, p(N).</summary>
    public sealed record Trend(string Name, Func<RequestInterval, Histogram> Of) : Metric(Name);

    /// <summary>A share of something: rate, 0 to 1.</summary>
    public sealed record Share(string Name, Func<RequestInterval, (long Part, long Whole)> Of) : Metric(Name);

    /// <summary>A count per request: count, and rate per second.</summary>
    public sealed record Counter(string Name, Func<RequestInterval, long> Of, bool Bytes = false) : Metric(Name);

    /// <summary>A count that only the run as a whole has; it carries no tags.</summary>
    public sealed record RunCounter(string Name, Func<MeasuredSpan, long> Of) : Metric(Name);

    /// <summary>A share (0 to 1) of the sampled hosts, second by second: avg, min, max. It carries no tags.</summary>
    public sealed record HostShare(string Name, Func<HostSample, double> Of) : Metric(Name);

    /// <summary>Every metric. k6's names where k6 has one.</summary>
    public static readonly IReadOnlyList<Metric> All =
    [
        new Trend("http_req_duration", r => r.ResponseTime),
        new Trend("http_req_service_time", r => r.ServiceTime),
        PhaseOf("http_req_blocked", RequestPhase.Blocked),
        PhaseOf("http_req_looking_up", RequestPhase.Resolving),
        PhaseOf("http_req_connecting", RequestPhase.Connecting),
        PhaseOf("http_req_tls_handshaking", RequestPhase.Handshaking),
        PhaseOf("http_req_sending", RequestPhase.Sending),
        PhaseOf("http_req_waiting", RequestPhase.Waiting),
        PhaseOf("http_req_receiving", RequestPhase.Receiving),
        new Counter("http_reqs", r => r.Sent),
        new Share("http_req_failed", r => (r.Failed, r.Ok + r.Failed)),
        new Share("checks", r => (r.ChecksPassed, r.ChecksPassed + r.ChecksFailed)),
        new RunCounter("iterations", m => m.IterationsEnded),
        new RunCounter("dropped_iterations", m => m.IterationsDropped),
        new Counter("data_sent", r => r.BytesSent, Bytes: true),
        new Counter("data_received", r => r.BytesReceived, Bytes: true),
        new HostShare("host_cpu", h => h.Cpu.Busy),
        new HostShare("host_memory", h => h.MemoryTotal > 0 ? (double)h.MemoryUsed / h.MemoryTotal : 0),
    ];

    // As k6 has it: a request that was never in the phase counts as zero. Nothing is known of them in records of format 1.
    private static Trend PhaseOf(string name, RequestPhase phase) =>
        new(name, r => r.Phases.Any ? r.Phases.Of(phase, r.Ok + r.Failed) : new Histogram());

    /// <summary>Aggregations that fit, as they are written.</summary>
    public string Aggregations => this switch
    {
        Trend => "avg, min, med, max, p(N)",
        Share => "rate",
        HostShare => "avg, min, max",
        _ => "count, rate",
    };
}
