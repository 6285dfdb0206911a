namespace Pressure.LoadGen;

/// <summary>The keys of one kind of map in the plan.</summary>
/// <param name="Name">Its name in the JSON Schema.</param>
/// <param name="Keys">All keys, in the order in which they are best written.</param>
internal sealed record KeyTable(string Name, params IReadOnlyList<string> Keys);

/// <summary>Every key that the reader knows. The published schema is held against this by a test.</summary>
internal static class PlanKeys
{
    public static readonly IReadOnlyList<string> Methods = ["get", "post", "put", "patch", "delete", "head", "options"];

    public static readonly KeyTable Plan = new("plan", "name", "target", "load", "scenarios", "thresholds", "abort", "chaos", "hosts", "http", "data", "seed", "workers");

    public static readonly KeyTable Load = new("load", "pv", "rate", "stages", "stairs", "spike", "users", "search", "replay", "duration", "warmUp", "arrivals");

    public static readonly KeyTable PageViews = new("pageViews", "perDay", "share", "window", "day", "requestsPerPage", "event", "perMachine");

    public static readonly KeyTable Stage = new("stage", "rate", "over");

    public static readonly KeyTable Stairs = new("stairs", "from", "to", "steps", "hold");

    public static readonly KeyTable Spike = new("spike", "base", "peak", "at", "rise", "hold", "fall", "after");

    public static readonly KeyTable Search = new("search", "slo", "from", "to", "plateau", "resolution", "within");

    public static readonly KeyTable Live = new("live", "agents", "interface", "ports", "servers", "delay");

    public static readonly KeyTable Replay = new(
        "replay", "capture", "captures", "live", "align", "speed", "rate", "multiply", "jitter", "loop", "connections", "methods", "hosts", "paths", "except", "share",
        "set", "remove", "rewritePath", "setParameter", "removeParameter", "carry", "cookies", "compare", "tcp");

    public static readonly KeyTable Carry = new("carry", "json", "header", "regex", "into");

    public static readonly KeyTable Comparison = new("comparison", "ignore", "primary", "secondary");

    public static readonly KeyTable UserStage = new("userStage", "users", "over");

    public static readonly KeyTable Scenario = new("scenario", "name", "weight", "rate", "pacing", "steps");

    public static readonly KeyTable Abort = new("abortRule", "when", "over", "after");

    public static readonly KeyTable Experiment = new("plannedExperiment", "experiment", "at", "stage");

    public static readonly KeyTable Data = new("data", "file", "pick", "name");

    public static readonly KeyTable Step = new(
        "step", [.. Methods, "think", "ws", "tcp", "send", "expect", "close", "name", "service", "headers", "query", "body", "json", "form", "multipart", "auth", "subprotocol", "timeout", "redirects", "extract", "check"]);

    /// <summary>What may stand beside the key that says what kind of step it is.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Beside = new Dictionary<string, IReadOnlyList<string>>
    {
        ["think"] = [],
        ["ws"] = ["name", "service", "headers", "query", "auth", "subprotocol", "timeout", "extract"],
        ["tcp"] = ["name", "service", "timeout"],
        ["send"] = ["name"],
        ["expect"] = ["name", "extract"],
        ["close"] = [],
    };

    public static readonly KeyTable Payload = new("payload", "text", "json", "base64", "hex");

    public static readonly KeyTable Expectation = new("expectation", "contains", "base64", "hex", "matches", "json", "within");

    public static readonly KeyTable Part = new("part", "name", "value", "file", "filename", "type");

    public static readonly KeyTable Check = new("check", "status", "body", "bodyMatches", "header", "json");

    public static readonly KeyTable Auth = new("auth", "basic", "bearer");

    public static readonly KeyTable Basic = new("basic", "user", "password");

    public static readonly KeyTable Extraction = new("extraction", "json", "regex", "header", "cookie");

    public static readonly KeyTable Http = new(
        "http", "version", "connectTimeout", "timeout", "maxConnections", "localAddresses", "keepAlive", "proxy", "redirects", "compression", "cookies", "insecure", "ca", "certificate", "key");

    public static readonly KeyTable KeepAlive = new("keepAlive", "requests", "idle");

    public static readonly KeyTable Workers = new("workers", "count", "regions", "heartbeat", "lease", "tolerate");

    public static IReadOnlyList<KeyTable> All =>
        [Plan, Load, PageViews, Stage, Stairs, Spike, Search, Replay, Live, Carry, Comparison, UserStage, Scenario, Step, Payload, Expectation, Part, Auth, Basic, Extraction, Check, Http, KeepAlive, Data, Abort, Experiment, Workers];
}
