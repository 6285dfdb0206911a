namespace Pressure.Mirror;

/// <summary>What belongs together when a share of the traffic is copied.</summary>
public enum ShareBy
{
    /// <summary>Each request by itself.</summary>
    Request,

    /// <summary>All requests of a connection.</summary>
    Connection,

    /// <summary>All requests from an address.</summary>
    Client,

    /// <summary>All requests with the same value of a header field.</summary>
    Header,
}

/// <summary>Which requests are copied. The path and the share also choose what is recorded; the methods do not.</summary>
public sealed record CopyRules
{
    /// <summary>Methods that are copied when nobody names others: those that change nothing.</summary>
    public static readonly IReadOnlyList<string> SafeMethods = ["GET", "HEAD", "OPTIONS"];

    /// <summary>Methods that are copied, in upper case.</summary>
    public IReadOnlyList<string> Methods { get; init; } = SafeMethods;

    /// <summary>Patterns of paths, <c>*</c> for anything, without query unless the pattern has one. Empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Patterns of paths that are not meant.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The share, above 0 and up to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>What is kept together.</summary>
    public ShareBy By { get; init; }

    /// <summary>The field of <see cref="ShareBy.Header"/>.</summary>
    public string ByHeader { get; init; } = "";

    /// <summary>Another seed, another choice; the same one chooses the same.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether requests that production did not answer, or whose client went away, are copied too, if they are whole.</summary>
    public bool CopyFailed { get; init; }
}

/// <summary>What the heads of copies become.</summary>
public sealed record CopyHeaderRules
{
    /// <summary>
    /// Fields that copies go without unless they are kept by name: what lets somebody act as a user of production has no business in a test system.
    /// </summary>
    public static readonly IReadOnlyList<string> Credentials = ["Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "X-Csrf-Token", "X-Xsrf-Token"];

    /// <summary>Fields that are removed, besides <see cref="Credentials"/>.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Of <see cref="Credentials"/>, those that stay.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>The host that copies are for: null for the target's own, empty for the one that the client named.</summary>
    public string? Host { get; init; }
}
