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

    /// <summary>A share of something that only the run as a whole has: rate, 0 to 1; it carries no tags.</summary>
    public sealed record RunShare(string Name, Func<MeasuredSpan, (long Part, long Whole)> Of) : Metric(Name);

    /// <summary>A level of hosts or containers, sample by sample, each of them by itself: avg, min, max. A share (0 to 1) unless it is <paramref name="Plain"/>.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Of">Reads it from a host's sample; the service is that of the host's label.</param>
    /// <param name="Tags">Tags that it carries.</param>
    /// <param name="Plain">A number without a unit.</param>
    public sealed record Gauge(string Name, Func<HostSample, string?, IEnumerable<Reading>> Of, IReadOnlyList<string> Tags, bool Plain = false) : Metric(Name);

    /// <summary>Pauses of each process: avg, min, med, max, p(N).</summary>
    public sealed record GcPause(string Name) : Metric(Name);

    /// <summary>Share (0 to 1) of the time in which a process was stopped: rate.</summary>
    public sealed record GcTime(string Name) : Metric(Name);

    /// <summary>Full collections of each process: count, and rate per second.</summary>
    public sealed record GcCount(string Name) : Metric(Name);

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
        new RunShare("answers_differing", m => m.Differences is { } d ? (d.Compared - d.Same, d.Compared) : default),
        new Counter("data_sent", r => r.BytesSent, Bytes: true),
        new Counter("data_received", r => r.BytesReceived, Bytes: true),
        OfHosts("host_cpu", h => h.Cpu.Busy),
        OfHosts("host_memory", h => h.MemoryTotal > 0 ? (double)h.MemoryUsed / h.MemoryTotal : 0),
        OfHosts("host_load_per_core", h => h.Load.One / Math.Max(1, h.Cores), plain: true),
        OfContainers("container_cpu", c => c.CpuShare),
        OfContainers("container_throttled", c => c.Container.Throttled),
        OfContainers("container_memory", c => c.MemoryShare),
        new GcPause("gc_pause"),
        new GcTime("gc_time"),
        new GcCount("gc_full"),
    ];

    // As k6 has it: a request that was never in the phase counts as zero. Nothing is known of them in records of format 1.
    private static Trend PhaseOf(string name, RequestPhase phase) =>
        new(name, r => r.Phases.Any ? r.Phases.Of(phase, r.Ok + r.Failed) : new Histogram());

    private static Gauge OfHosts(string name, Func<HostSample, double> value, bool plain = false) =>
        new(name, (sample, service) => Reading.OfHost(sample, service, value(sample)), [.. Subject.AllTags.Take(2)], plain);

    private static Gauge OfContainers(string name, Func<ContainerReading, double?> value) =>
        new(name, (sample, service) => Reading.OfContainers(sample, service, value), [.. Subject.AllTags.Take(3)]);

    /// <summary>Whether it is about what processes' collectors did, each by itself.</summary>
    public bool IsOfCollections => this is GcPause or GcTime or GcCount;

    /// <summary>Whether it is about machines rather than requests.</summary>
    public bool IsOfMachines => this is Gauge || IsOfCollections;

    /// <summary>Whether only the run as a whole has it.</summary>
    public bool IsOfRun => this is RunCounter or RunShare;

    /// <summary>Tags that it carries, if it is about machines.</summary>
    public IReadOnlyList<string> SubjectTags => this is Gauge gauge ? gauge.Tags : Subject.AllTags;

    /// <summary>Aggregations that fit, as they are written.</summary>
    public string Aggregations => this switch
    {
        Trend or GcPause => "avg, min, med, max, p(N)",
        Share or RunShare or GcTime => "rate",
        Gauge => "avg, min, max",
        _ => "count, rate",
    };
}
