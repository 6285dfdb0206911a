namespace Pressure.Record;

/// <summary>What a run is: written once as <c>run.json</c> before the first request, so that a crashed run can still be read.</summary>
public sealed record RunManifest
{
    /// <summary>The format that is written; every earlier one can be read.</summary>
    internal const int CurrentFormat = 4;

    /// <summary>Version of the folder's format; readers refuse a higher one.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Unique, sortable, safe in a header and in a file name: <c>20261121-031500-shop-peak-4f2a</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>The base URL under test.</summary>
    public required string Target { get; init; }

    /// <summary>Wall-clock anchor of offset zero (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Version of Pressure that ran it.</summary>
    public required string Version { get; init; }

    /// <summary>How long load is planned, warm-up included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Time at the start that counts for nothing but the charts.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>The load as asked.</summary>
    public required LoadManifest Load { get; init; }

    /// <summary>Every distinct request of the plan; intervals refer to it by position.</summary>
    public required IReadOnlyList<RequestManifest> Requests { get; init; }

    // A manifest without these two lists is read with null in them by the generated reader, whatever the defaults say.

    /// <summary>Threshold expressions as written: metric and expression, e.g. <c>http_req_duration</c> and <c>p(95) &lt; 500ms</c>.</summary>
    public IReadOnlyList<ThresholdManifest> Thresholds { get; init => field = value ?? []; } = [];

    /// <summary>Those of <see cref="Hosts"/> whose agents tell of them, with their labels.</summary>
    public IReadOnlyList<HostManifest> Agents { get; init => field = value ?? []; } = [];

    /// <summary>Names of the hosts sampled.</summary>
    public IReadOnlyList<string> Hosts { get; init => field = value ?? []; } = [];

    /// <summary>The workers that made the load; null when this process did.</summary>
    public CrewManifest? Crew { get; init; }

    /// <summary>Whether it is chaos without load: no requests, no intervals, and events alone tell what happened.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsDrill => Load.Kind == LoadManifest.DrillKind;

    /// <summary>Process id of the coordinator, to tell a run that goes on from one that was interrupted.</summary>
    public int ProcessId { get; init; }

    /// <summary>Start time of that process in clock ticks since boot (field 22 of <c>/proc/PID/stat</c>), since process ids are used again; 0 if unknown.</summary>
    public long ProcessStart { get; init; }
}

/// <summary>The load as asked. Rates are requests per second.</summary>
public sealed record LoadManifest
{
    /// <summary>The <see cref="Kind"/> of a drill: chaos without load.</summary>
    public const string DrillKind = "drill";

    /// <summary>The <see cref="Kind"/> of captured traffic that is sent again.</summary>
    public const string ReplayKind = "replay";

    /// <summary>No load: what a drill has.</summary>
    public static LoadManifest OfDrill { get; } = new() { Kind = DrillKind, Segments = [], Arrivals = "uniform", Total = 0 };

    /// <summary><c>pv</c>, <c>rate</c>, <c>stages</c>, <c>users</c>, <c>search</c> or <c>replay</c>: the key in the plan; <c>rates</c> when every scenario has its own; <c>drill</c> for none.</summary>
    public required string Kind { get; init; }

    /// <summary>Straight pieces of the asked rate over time, in order and without gaps. Empty for <c>users</c>, who ask for no rate; of a <c>search</c> the rate that it begins with; of a <c>replay</c> that of its captures, if known.</summary>
    public required IReadOnlyList<RateSegment> Segments { get; init; }

    /// <summary><c>uniform</c> or <c>poisson</c>.</summary>
    public required string Arrivals { get; init; }

    /// <summary>Requests that the schedule will ask for in all; 0 for <c>users</c> and <c>search</c>, and for a <c>replay</c> of which nobody knows before.</summary>
    public required long Total { get; init; }

    /// <summary>How the rate follows from page views; null unless <see cref="Kind"/> is <c>pv</c>.</summary>
    public PageViewManifest? PageViews { get; init; }

    /// <summary>Straight pieces of the number of users over time, in order and without gaps; empty unless <see cref="Kind"/> is <c>users</c>.</summary>
    public IReadOnlyList<UserSegment> Users { get; init; } = [];

    /// <summary>Whether it is a replay of captured traffic.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsReplay => Kind == ReplayKind;

    /// <summary>Whether the load finds out itself what to ask, so that it may be over before its time, and can be ended but not steered.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsSelfMade => Search is not null || IsReplay;

    /// <summary>Whether it goes on until somebody ends it, and that is its end: what is replayed while it passes, when nobody said for how long.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool OpenEnded { get; init; }

    /// <summary>The capacity search; null unless <see cref="Kind"/> is <c>search</c>.</summary>
    public SearchManifest? Search { get; init; }
}

/// <summary>The number of users between two moments, linear in between.</summary>
public readonly record struct UserSegment(TimeSpan From, TimeSpan To, int FromUsers, int ToUsers);

/// <summary>The asked rate between two moments, linear in between.</summary>
public readonly record struct RateSegment(TimeSpan From, TimeSpan To, double FromRate, double ToRate);

/// <summary>The page-view arithmetic, every operand unrounded, so that the report can show it.</summary>
public sealed record PageViewManifest
{
    /// <summary>Page views a day.</summary>
    public required double PerDay { get; init; }

    /// <summary>Requests that one page view causes.</summary>
    public required double RequestsPerPage { get; init; }

    /// <summary>Share of the day's views (0 to 1) that falls into the busy window.</summary>
    public required double Share { get; init; }

    /// <summary>Length of the day that is looked at, in seconds (86,400 for a whole day, 28,800 for an 8-hour day).</summary>
    public required double DaySeconds { get; init; }

    /// <summary>The busy window as a share (0 to 1) of that day.</summary>
    public required double Window { get; init; }

    /// <summary>Multiplier for an event.</summary>
    public required double Event { get; init; }

    /// <summary>Resulting requests per second before rounding.</summary>
    public required double Qps { get; init; }

    /// <summary>The load target: <see cref="Qps"/> rounded up.</summary>
    public required double TargetQps { get; init; }

    /// <summary>What one machine carries, if known.</summary>
    public double? PerMachineQps { get; init; }

    /// <summary>Machines needed, if <see cref="PerMachineQps"/> is known.</summary>
    public int? Machines { get; init; }
}

/// <summary>One request of the plan.</summary>
/// <param name="Name">Unique within the run: as given, else method and path.</param>
/// <param name="Scenario">The scenario that it belongs to.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">Absolute URL.</param>
/// <param name="Service">The service it presses, for figures by service: as given, else host and port.</param>
/// <param name="Share">Share (0 to 1) of all requests that the plan's weights give it.</param>
public sealed record RequestManifest(string Name, string Scenario, string Method, string Url, string Service, double Share);

/// <summary>A threshold as written in the plan.</summary>
public sealed record ThresholdManifest(string Metric, string Expression);
