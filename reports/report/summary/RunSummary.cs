using System.Text.Json.Serialization;

namespace Pressure.Reports;

/// <summary>How a run came out.</summary>
public enum Verdict
{
    /// <summary>Every criterion held.</summary>
    Passed,

    /// <summary>At least one criterion did not hold.</summary>
    Failed,

    /// <summary>Nothing was asked of the target but load.</summary>
    NoCriteria,

    /// <summary>The figures say nothing about the target: generator saturated, or asked rate not delivered.</summary>
    Invalid,

    /// <summary>Stopped by somebody before its end, or interrupted.</summary>
    Stopped,

    /// <summary>It ended by an error of ours or of its surroundings.</summary>
    Error,

    /// <summary>Something that chaos did is left.</summary>
    NotUndone,
}

/// <summary>The contents of <c>summary.json</c>: stable keys in camel case, times in milliseconds, rates per second, shares 0 to 1.</summary>
public sealed record RunSummary
{
    /// <summary>Run id.</summary>
    public required string Id { get; init; }

    /// <summary>Plan name.</summary>
    public required string Name { get; init; }

    /// <summary>Base URL.</summary>
    public required string Target { get; init; }

    /// <summary>Wall time of the start.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Seconds from start to the end of the load.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The verdict: <c>passed|failed|no-criteria|invalid|stopped|error|not-undone</c>.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The exit code that goes with it: 0, 99, 0, 5, 130, 1, 4.</summary>
    public required int ExitCode { get; init; }

    /// <summary>One English sentence on why.</summary>
    public required string Reason { get; init; }

    /// <summary>The same in every language of the reports, by its code: <c>en</c>, <c>zh</c>. Empty in summaries of earlier versions.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; init; } = new Dictionary<string, string>();

    /// <summary>Load asked and delivered.</summary>
    public required LoadSummary Load { get; init; }

    /// <summary>Request counts.</summary>
    public required RequestCounts Requests { get; init; }

    /// <summary>From the intended start.</summary>
    public required DurationSummary ResponseTime { get; init; }

    /// <summary>From the actual send.</summary>
    public required DurationSummary ServiceTime { get; init; }

    /// <summary>Where the response time went; null when it was not measured (records of format 1, or nothing ended).</summary>
    public PhaseSummary? Phases { get; init; }

    /// <summary>Criteria with their actual values.</summary>
    public required IReadOnlyList<ThresholdResult> Thresholds { get; init; }

    /// <summary>The capacity search; left out when the run was none. All other figures are then those of the plateaus that held at the rate found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchSummary? Search { get; init; }

    /// <summary>What chaos did and how the target took it; left out when there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChaosSummary? Chaos { get; init; }

    /// <summary>How faithful the replay was; left out when the run was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReplaySummary? Replay { get; init; }

    /// <summary>What was found in answers that were held against others; left out when none were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DifferenceSummary? Differences { get; init; }

    /// <summary>The abort rule that ended the run; null when none did.</summary>
    public AbortSummary? Abort { get; init; }

    /// <summary>Figures per request of the plan.</summary>
    public required IReadOnlyList<RequestSummary> ByRequest { get; init; }

    /// <summary>Figures per service: those that the plan presses, in its order, then others that hosts, containers or processes belong to.</summary>
    public required IReadOnlyList<ServiceSummary> ByService { get; init; }

    /// <summary>Response statuses with counts.</summary>
    public required IReadOnlyDictionary<string, long> Statuses { get; init; }

    /// <summary>Errors (names of <see cref="Pressure.Record.RequestError"/> in camel case) with counts.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Bytes sent and received, headers included.</summary>
    public required DataSummary Data { get; init; }

    /// <summary>Hosts: means and peaks.</summary>
    public required IReadOnlyList<HostSummary> Hosts { get; init; }

    /// <summary>Hosts that should have been sampled and of which nothing was heard in the measured time.</summary>
    public IReadOnlyList<string> SilentHosts { get; init; } = [];

    /// <summary>Garbage collection per process; empty without agents.</summary>
    public IReadOnlyList<GcSummary> Gc { get; init; } = [];

    /// <summary>The timeline.</summary>
    public required IReadOnlyList<EventSummary> Events { get; init; }

    /// <summary>The generator's own health.</summary>
    public required GeneratorSummary Generator { get; init; }

    /// <summary>What became of the run's workers as a whole; left out when one process made the load.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CrewSummary? Crew { get; init; }

    /// <summary>The workers that made the load; empty when one process did.</summary>
    public IReadOnlyList<WorkerSummary> Workers { get; init; } = [];

    /// <summary>What became of the points that were sent elsewhere while it ran; empty if none were.</summary>
    public IReadOnlyList<ExportSummary> Exports { get; init; } = [];

    /// <summary>What had to be left out of damaged or missing logs; empty when the record is whole.</summary>
    public IReadOnlyList<RecoverySummary> Recoveries { get; init; } = [];

    /// <summary>Why it got its verdict, for people who read another language than machines do.</summary>
    public string ReasonIn(ReportLanguage language) => Reasons.GetValueOrDefault(language.ToString().ToLowerInvariant(), Reason);
}

/// <summary>Requests per second asked and delivered (means over the measured time), and requests not sent.</summary>
public sealed record LoadSummary(double Asked, double Delivered, long NotSent);

/// <summary>
/// Request counts over the measured time, and checks. <see cref="Late"/>: of those sent, begun more than
/// <see cref="Pressure.Record.RequestInterval.LateLimit"/> after they were due.
/// </summary>
public sealed record RequestCounts(long Asked, long Sent, long Ok, long Failed, long ChecksPassed, long ChecksFailed, long Late = 0);

/// <summary>Milliseconds.</summary>
public sealed record DurationSummary(double Min, double Mean, double P50, double P90, double P95, double P99, double P999, double Max);

/// <summary>A criterion and what was measured. <see cref="Actual"/> is null when there was nothing to measure (which is an error, never a pass).</summary>
public sealed record ThresholdResult(string Expression, double? Actual, string ActualText, bool Passed, string? Error);

/// <summary>The rule, what was measured over its window in seconds, and when in seconds since the start.</summary>
public sealed record AbortSummary(string Expression, string ActualText, double Over, double At);

/// <summary>One request of the plan.</summary>
public sealed record RequestSummary(string Name, string Scenario, string Method, string Url, string Service, long Sent, long Ok, long Failed, double Rate, DurationSummary ResponseTime, DurationSummary ServiceTime, PhaseSummary? Phases = null);

/// <summary>
/// Where the response time of requests went: the phases, and (of the generator's own) what is missing to the whole. See
/// <see cref="Pressure.Record.RequestPhase"/>.
/// </summary>
public sealed record PhaseSummary(PhaseFigures Blocked, PhaseFigures Dns, PhaseFigures Connecting, PhaseFigures Tls, PhaseFigures Sending, PhaseFigures Waiting, PhaseFigures Receiving, double Generator);

/// <summary>
/// One phase: how many requests were in it; its time by all requests of the row, so that the means of all phases add up to the mean
/// response time; and the figures of those requests that were in it. Milliseconds.
/// </summary>
public sealed record PhaseFigures(long Count, double MeanOfAll, double Mean, double P50, double P95, double P99, double Max);

/// <summary>Bytes.</summary>
public sealed record DataSummary(long Sent, long Received);

/// <summary>An event: seconds since the start, kind in camel case.</summary>
public sealed record EventSummary(double At, string Kind, string Target, string Detail)
{
    /// <summary>Of chaos and workers: what joins events, such as a fault's on and off: a handle, an experiment's id, a probe's, a container's or a worker's name. Null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Of { get; init; }

    /// <summary>Of chaos and workers: what charts call it, in a few words. Null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>Of chaos and workers: <c>bad</c> for what broke something, <c>good</c> for what mended it, <c>warn</c> for what was not done, <c>note</c> for what people said. Null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tone { get; init; }
}

/// <summary>
/// Generator: mean cores busy, lateness p99 in milliseconds, whether it was what saturated and why. Of several workers the cores are those of all, the lateness
/// that of the latest, and one that was saturated is enough.
/// </summary>
public sealed record GeneratorSummary(double Cpu, double LateP99, bool Saturated, string? Why);

/// <summary>A log that could not be read to its end: its name, bytes kept and left out, and why in English.</summary>
public sealed record RecoverySummary(string File, long BytesKept, long BytesCut, string Why);

/// <summary>A sink that points were sent to (kind and address), how many it has taken, how many were dropped, and why in English (null if nothing was wrong).</summary>
public sealed record ExportSummary(string Sink, long Sent, long Dropped, string? Problem);
