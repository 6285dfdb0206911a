using Pressure.Reports;

namespace Pressure.LoadGen;

/// <summary>A checked plan: what <see cref="PlanReader"/> makes of a plan file. Immutable; every value is in range.</summary>
public sealed record LoadPlan
{
    /// <summary>Name, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Base URL (http or https); steps' relative URLs are resolved against it.</summary>
    public required Uri Target { get; init; }

    /// <summary>The load.</summary>
    public required Load Load { get; init; }

    /// <summary>How long load lasts, warm-up included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Time at the start that does not count for summary and thresholds.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>How starts are spread.</summary>
    public Arrivals Arrivals { get; init; }

    /// <summary>Seed for everything random in the run (Poisson gaps, think times).</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Data files, of which each iteration gets a row.</summary>
    public IReadOnlyList<DataFeed> Data { get; init; } = [];

    /// <summary>At least one, each with at least one request.</summary>
    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    /// <summary>Pass criteria.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    /// <summary>Rules that end the run early.</summary>
    public IReadOnlyList<AbortRule> Abort { get; init; } = [];

    /// <summary>Experiments that run beside the load.</summary>
    public IReadOnlyList<PlannedExperiment> Chaos { get; init; } = [];

    /// <summary>Hosts to sample.</summary>
    public IReadOnlyList<HostSelector> Hosts { get; init; } = [new HostSelector.Local()];

    /// <summary>Whether the machine that makes the load is among the hosts to sample.</summary>
    public bool SamplesLocal => Hosts.Any(h => h is HostSelector.Local);

    /// <summary>Over which machines the load is spread; null for this process alone.</summary>
    public WorkersWish? Workers { get; init; }

    /// <summary>Files that it names, as it names them: data, uploads, certificates, captures, experiments.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>How requests are sent.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>All requests of all scenarios in order: their position is the request's number in intervals and manifest.</summary>
    public IReadOnlyList<Step.Request> Requests => [.. Scenarios.SelectMany(s => s.Steps).OfType<Step.Request>()];

    /// <summary>The different time limits of the plan's requests, the longest last.</summary>
    internal IReadOnlyList<TimeSpan> Timeouts => [.. Requests.Select(TimeoutOf).Distinct().Order()];

    /// <summary>How long a request may take.</summary>
    public TimeSpan TimeoutOf(Step.Request request) => request.Timeout ?? Http.Timeout;
}

/// <summary>How starts are spread over time.</summary>
public enum Arrivals
{
    /// <summary>Evenly.</summary>
    Uniform,

    /// <summary>As a Poisson process (seeded), as independent users arrive.</summary>
    Poisson,
}

/// <summary>The load asked for. A closed set. Rates count requests per second (not iterations).</summary>
public abstract record Load
{
    private Load()
    {
    }

    /// <summary>From page views.</summary>
    public sealed record FromPageViews(PageViews Views) : Load;

    /// <summary>Constant.</summary>
    public sealed record Constant(Rate Rate) : Load;

    /// <summary>Stage after stage, each linear from one rate to another.</summary>
    public sealed record Staged(IReadOnlyList<Stage> Stages) : Load;

    /// <summary>Users who each run one iteration after the other (closed model): no rate is asked, the target's speed decides it.</summary>
    public sealed record Users(IReadOnlyList<UserStage> Stages) : Load;

    /// <summary>Every scenario at its own <see cref="Scenario.Rate"/>.</summary>
    public sealed record PerScenario : Load;

    /// <summary>A capacity search: the highest rate that holds the criteria.</summary>
    /// <param name="Slo">What must hold; at least one.</param>
    /// <param name="From">First rate; above zero.</param>
    /// <param name="To">Highest rate to try, above <paramref name="From"/>; null for as high as it goes.</param>
    /// <param name="Plateau">Length of a plateau, settling included.</param>
    /// <param name="Resolution">How close the rates that hold and break shall come, as a share of the lower one.</param>
    /// <param name="Within">The search ends after this at the latest.</param>
    public sealed record Search(IReadOnlyList<Threshold> Slo, Rate From, Rate? To, TimeSpan Plateau, double Resolution, TimeSpan Within) : Load;

    /// <summary>Captured traffic, sent again (partly open: each client's requests are due when they were captured, and wait for the one before).</summary>
    /// <param name="Order">What, how fast, how often.</param>
    public sealed record Replay(ReplayOrder Order) : Load
    {
        /// <summary>Requests that will be due, by their position in the plan's requests; empty when nobody knows before.</summary>
        public IReadOnlyList<long> Counts { get; init; } = [];

        /// <summary>The rate as it will be asked, in straight pieces; empty when nobody knows before, or when it is as fast as the target answers.</summary>
        public IReadOnlyList<Record.RateSegment> Rates { get; init; } = [];
    }
}

/// <summary>A rate as whole numbers, so that schedules are exact: <see cref="Count"/> requests every <see cref="Per"/>.</summary>
public readonly record struct Rate(decimal Count, TimeSpan Per)
{
    /// <summary>Requests per second.</summary>
    public double PerSecond => (double)Count / Per.TotalSeconds;
}

/// <summary>A stage: from one rate to another, linear, over a time.</summary>
public sealed record Stage(Rate From, Rate To, TimeSpan Over);

/// <summary>A stage of a closed load: from one number of users to another, linear, over a time.</summary>
public sealed record UserStage(int From, int To, TimeSpan Over);

/// <summary>A way through the target: steps in order.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Weight">Above zero; scenario starts are in proportion to the weights.</param>
/// <param name="Steps">In order.</param>
public sealed record Scenario(string Name, decimal Weight, IReadOnlyList<Step> Steps)
{
    /// <summary>Requests per time of this scenario alone, with <see cref="Load.PerScenario"/>.</summary>
    public Rate? Rate { get; init; }

    /// <summary>With <see cref="Load.Users"/>: a user begins again at the earliest this long after the iteration's begin.</summary>
    public TimeSpan Pacing { get; init; }
}

/// <summary>One step of a scenario. A closed set.</summary>
public abstract record Step
{
    private Step()
    {
    }

    /// <summary>A pause, uniform in [Min, Max].</summary>
    public sealed record Think(TimeSpan Min, TimeSpan Max) : Step;

    /// <summary>Closes the iteration's connection (of a <see cref="SocketAction.Connect"/>). Not counted.</summary>
    public sealed record Close : Step;

    /// <summary>A request: anything that is asked for, sent and ends well or not.</summary>
    public sealed record Request : Step
    {
        /// <summary>Unique over the plan: as given, else method and path, numbered when repeated.</summary>
        public required string Name { get; init; }

        /// <summary>Upper-case method; <c>WS</c>, <c>TCP</c>, <c>SEND</c> or <c>EXPECT</c> for what is done on a <see cref="Socket"/>.</summary>
        public required string Method { get; init; }

        /// <summary>What it does on a socket; null for a request over HTTP.</summary>
        public SocketAction? Socket { get; init; }

        /// <summary>Absolute URL, query included, percent-encoded; of a message, that of its connection.</summary>
        public required Uri Url { get; init; }

        /// <summary>The service it presses: as given, else host and port.</summary>
        public required string Service { get; init; }

        /// <summary>Headers as given, checked (token names, no CR, LF or NUL).</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

        /// <summary>Time for it, redirects included; null for <see cref="HttpOptions.Timeout"/>.</summary>
        public TimeSpan? Timeout { get; init; }

        /// <summary>Redirects followed at the most; null for <see cref="HttpOptions.Redirects"/>.</summary>
        public int? Redirects { get; init; }

        /// <summary>Body bytes, if any; the content type stands in <see cref="Headers"/>.</summary>
        public ReadOnlyMemory<byte>? Body { get; init; }

        /// <summary>What differs from iteration to iteration; null when every request is the same.</summary>
        internal Engine.RequestTemplate? Template { get; init; }

        /// <summary>What later steps of the iteration use of the response; if something is missing, the request has failed.</summary>
        public IReadOnlyList<Extract> Extracts { get; init; } = [];

        /// <summary>Checks; without one on the status, a status of 400 or above fails the request.</summary>
        public IReadOnlyList<Check> Checks { get; init; } = [];
    }
}

/// <summary>Something that must hold for a response. A closed set.</summary>
public abstract record Check
{
    private Check()
    {
    }

    /// <summary>The status lies in one of the ranges (inclusive; <c>200</c>, <c>2xx</c>, <c>[200, 404]</c> in the plan).</summary>
    public sealed record Status(IReadOnlyList<(int From, int To)> Ranges) : Check;

    /// <summary>The body contains the text (UTF-8).</summary>
    public sealed record BodyContains(string Text) : Check;

    /// <summary>The first 64 KiB of the body (as UTF-8) match the regular expression (non-backtracking).</summary>
    public sealed record BodyMatches(System.Text.RegularExpressions.Regex Pattern) : Check;

    /// <summary>A header field of that name contains the text, whatever its case.</summary>
    public sealed record Header(string Name, string Text) : Check;

    /// <summary>The first 64 KiB of the body hold this value at the path: a text, or a number, <c>true</c>, <c>false</c> or (null) nothing.</summary>
    public sealed record Json(JsonPath Path, string? Value, bool IsText) : Check;
}

/// <summary>Who keeps cookies.</summary>
public enum CookieKeeping
{
    /// <summary>Nobody.</summary>
    Off,

    /// <summary>Each iteration, from its begin to its end.</summary>
    Iteration,

    /// <summary>Each user of a closed load, over all iterations.</summary>
    User,
}

/// <summary>How requests are sent.</summary>
public sealed record HttpOptions
{
    /// <summary>1.1, or 2 or 3 (over https only).</summary>
    public Version Version { get; init; } = new(1, 1);

    /// <summary>Time for DNS, connect and TLS together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for the whole request, connecting and redirects included, from the moment it is dispatched.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections open at once, at the most; requests beyond wait (their response time counts on) up to <see cref="Timeout"/>, then count as not sent.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Addresses of this machine that connections come from, in turn; none: the system chooses.</summary>
    public IReadOnlyList<System.Net.IPAddress> LocalAddresses { get; init; } = [];

    /// <summary>Whether connections are reused.</summary>
    public bool KeepAlive { get; init; } = true;

    /// <summary>Whether connections are reused within an iteration only: each begins with none, and closes its own at its end.</summary>
    public bool KeepAliveInIteration { get; init; }

    /// <summary>Requests after which a connection is closed (HTTP/1.1 on the event loop).</summary>
    public int KeepAliveRequests { get; init; } = int.MaxValue;

    /// <summary>Time without a request after which a connection is closed.</summary>
    public TimeSpan KeepAliveIdle { get; init; } = TimeSpan.MaxValue;

    /// <summary>Redirects that a request follows at the most, unless it says otherwise; 0 for none: the redirect is the answer.</summary>
    public int Redirects { get; init; } = 10;

    /// <summary>Whether compressed answers are asked for (<c>Accept-Encoding: gzip, deflate, br</c>).</summary>
    public bool Compression { get; init; }

    /// <summary>Who keeps the cookies of responses and sends them back.</summary>
    public CookieKeeping Cookies { get; init; }

    /// <summary>The proxy that all requests go through; null for none. The environment's proxies are never used.</summary>
    public HttpProxy? Proxy { get; init; }

    /// <summary>Accept any server certificate.</summary>
    public bool Insecure { get; init; }

    /// <summary>File (PEM) of the authorities to trust instead of the system's; null for the system's.</summary>
    public string? Authorities { get; init; }

    /// <summary>File (PEM) of our own certificate and those between it and its authority; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>File (PEM) of its private key, not encrypted; null when it is in the certificate's file.</summary>
    public string? Key { get; init; }
}
