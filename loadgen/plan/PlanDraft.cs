namespace Pressure.LoadGen;

/// <summary>
/// A plan as forms hold it: texts as they were typed, null or blank where nothing was. <see cref="PlanWriter"/> makes a plan file of
/// it, and <see cref="PlanReader"/> judges that; so forms and files obey the same rules.
/// </summary>
/// <remarks>
/// Each member says the <see cref="PlanProblem.Field"/> under which its problems come. Problems of something inside come under a longer
/// path that begins with it; <see cref="MemberOf"/> finds the member again.
/// </remarks>
public sealed record PlanDraft
{
    /// <summary>Field <c>name</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Field <c>target</c>.</summary>
    public string? Target { get; init; }

    /// <summary>Field <c>load.pv</c>; null when the load isn't given as page views.</summary>
    public PageViewsDraft? PageViews { get; init; }

    /// <summary>Field <c>load.rate</c>, such as <c>500/s</c>.</summary>
    public string? Rate { get; init; }

    /// <summary>Field <c>load.stages</c>; stage i is <c>load.stages[i]</c>.</summary>
    public IReadOnlyList<StageDraft> Stages { get; init; } = [];

    /// <summary>Field <c>load.duration</c>.</summary>
    public string? Duration { get; init; }

    /// <summary>Field <c>load.warmUp</c>.</summary>
    public string? WarmUp { get; init; }

    /// <summary>Field <c>load.arrivals</c>.</summary>
    public string? Arrivals { get; init; }

    /// <summary>Field <c>scenarios</c>; URL i is <c>scenarios[i]</c>.</summary>
    public IReadOnlyList<UrlDraft> Urls { get; init; } = [];

    /// <summary>Field <c>thresholds</c>; threshold i is <c>thresholds[i]</c>.</summary>
    public IReadOnlyList<ThresholdDraft> Thresholds { get; init; } = [];

    /// <summary>Field <c>hosts</c>; null for <c>[ local ]</c>.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>Field <c>http</c>; null for the usual time-outs.</summary>
    public HttpDraft? Http { get; init; }

    /// <summary>Field <c>workers</c>: how many; null for this process alone.</summary>
    public string? Workers { get; init; }

    /// <summary>
    /// The member of the draft to which a problem's field belongs: <c>scenarios[2].steps[0].headers.Accept</c> gives
    /// <c>Urls[2].Headers</c>, <c>load.pv.perDay</c> gives <c>PageViews.PerDay</c>. Empty for a problem of the plan as a whole.
    /// </summary>
    public static string MemberOf(string field) => DraftFields.MemberOf(field);
}

/// <summary>Page views as typed; fields <c>load.pv.perDay</c>, <c>load.pv.share</c> and so on.</summary>
/// <param name="PerDay"><c>load.pv.perDay</c></param>
/// <param name="Share"><c>load.pv.share</c></param>
/// <param name="Window"><c>load.pv.window</c></param>
/// <param name="Day"><c>load.pv.day</c></param>
/// <param name="RequestsPerPage"><c>load.pv.requestsPerPage</c></param>
/// <param name="Event"><c>load.pv.event</c></param>
/// <param name="PerMachine"><c>load.pv.perMachine</c></param>
public sealed record PageViewsDraft(
    string? PerDay, string? Share = null, string? Window = null, string? Day = null, string? RequestsPerPage = null, string? Event = null, string? PerMachine = null);

/// <summary>A stage as typed.</summary>
/// <param name="Rate"><c>load.stages[i].rate</c>, such as <c>0/s -> 500/s</c>.</param>
/// <param name="Over"><c>load.stages[i].over</c></param>
public sealed record StageDraft(string? Rate, string? Over);

/// <summary>A threshold as typed; both under <c>thresholds[i]</c>.</summary>
public sealed record ThresholdDraft(string Metric, string Expression);

/// <summary>How requests are sent, as typed.</summary>
/// <param name="ConnectTimeout"><c>http.connectTimeout</c></param>
/// <param name="Timeout"><c>http.timeout</c></param>
/// <param name="Redirects"><c>http.redirects</c></param>
public sealed record HttpDraft(string? ConnectTimeout = null, string? Timeout = null, string? Redirects = null);

/// <summary>How a body is given.</summary>
public enum BodyKind
{
    /// <summary>As text.</summary>
    Text,

    /// <summary>As JSON.</summary>
    Json,
}

/// <summary>One URL with its weight: a scenario of one request.</summary>
public sealed record UrlDraft
{
    /// <summary><c>scenarios[i].name</c>; blank for method and URL.</summary>
    public string? Name { get; init; }

    /// <summary><c>scenarios[i].weight</c>; blank for 1.</summary>
    public string? Weight { get; init; }

    /// <summary>HTTP method, one of <see cref="PlanWriter.Methods"/>, as in <c>scenarios[i].steps[0].get</c>.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Path or URL: <c>scenarios[i].steps[0].get</c>, with the method in small letters.</summary>
    public string? Url { get; init; }

    /// <summary><c>scenarios[i].steps[0].service</c>.</summary>
    public string? Service { get; init; }

    /// <summary>Query parameters: <c>scenarios[i].steps[0].query</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers: <c>scenarios[i].steps[0].headers</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Body: <c>scenarios[i].steps[0].body</c> or <c>.json</c>.</summary>
    public string? Body { get; init; }

    /// <summary>How <see cref="Body"/> is meant.</summary>
    public BodyKind BodyKind { get; init; }

    /// <summary>Form fields: <c>scenarios[i].steps[0].form</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form { get; init; } = [];

    /// <summary>Expected status: <c>scenarios[i].steps[0].check.status</c>; several with commas.</summary>
    public string? Status { get; init; }

    /// <summary>Text that the body must contain: <c>scenarios[i].steps[0].check.body</c>.</summary>
    public string? BodyContains { get; init; }
}
