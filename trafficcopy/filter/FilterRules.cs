namespace Pressure.TrafficCopy;

/// <summary>Which exchanges are taken: those that every rule lets through. Raw TCP has the method <c>TCP</c>, the server's address as host and its port (<c>:6379</c>) as path.</summary>
public sealed record FilterRules
{
    /// <summary>Methods, upper-case; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Hosts (patterns with <c>*</c>, without port unless the pattern has one); empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Paths (patterns with <c>*</c>, without query unless the pattern has one); empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Paths (patterns with <c>*</c>) that are not taken.</summary>
    public IReadOnlyList<string> ExceptPaths { get; init; } = [];

    /// <summary>First digits of statuses (2 for 200 to 299; 0 for no answer); empty for all.</summary>
    public IReadOnlyList<int> StatusClasses { get; init; } = [];

    /// <summary>The share of connections that is taken, above 0 and up to 1: whole connections, which ones is a function of <see cref="Seed"/>.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Another seed, other connections.</summary>
    public ulong Seed { get; init; }

    /// <summary>Requests from this moment on, in nanoseconds since 1970 (UTC).</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>Requests before this moment, in nanoseconds since 1970 (UTC).</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>Whether it lets everything through.</summary>
    public bool TakesAll =>
        Methods.Count + Hosts.Count + Paths.Count + ExceptPaths.Count + StatusClasses.Count == 0 && Share >= 1 && From == long.MinValue && Until == long.MaxValue;
}

/// <summary>Why an exchange is not taken.</summary>
public enum FilterReason
{
    /// <summary>It is taken.</summary>
    None,

    /// <summary>Its connection is not in the sample.</summary>
    Sample,

    /// <summary>It was before or after the time that was asked for.</summary>
    Time,

    /// <summary>Its method was not asked for.</summary>
    Method,

    /// <summary>Its host was not asked for.</summary>
    Host,

    /// <summary>Its path was not asked for, or excepted.</summary>
    Path,

    /// <summary>Its status was not asked for.</summary>
    Status,
}
