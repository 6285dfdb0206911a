namespace Pressure.TrafficCopy;

/// <summary>A capture that can be read, more than once.</summary>
public interface ICaptureReader : IDisposable
{
    /// <summary>What it holds.</summary>
    CaptureInfo Info { get; }

    /// <summary>
    /// Its exchanges by the time of their requests; of one connection in order. Reads piece by piece, however large the capture is. Each exchange is valid
    /// until the next one is asked for.
    /// </summary>
    IEnumerable<CapturedExchange> ByTime();

    /// <summary>
    /// Whether it is still being made: nobody knows what it will hold, <see cref="ByTime"/> waits for what comes, and it can be read once only.
    /// </summary>
    bool IsLive => false;

    /// <summary>Exchanges that the index knows and that could not be read up to now, because the file is damaged where they are.</summary>
    long Lost => 0;
}

/// <summary>What a capture holds, as its index tells without reading it.</summary>
public sealed record CaptureInfo
{
    /// <summary>The file, or where else it comes from.</summary>
    public required string Name { get; init; }

    /// <summary>Exchanges.</summary>
    public required long Exchanges { get; init; }

    /// <summary>Connections with at least one exchange.</summary>
    public required long Connections { get; init; }

    /// <summary>The first request's first byte, in nanoseconds since 1970 (UTC); 0 when it is empty.</summary>
    public required long FirstAt { get; init; }

    /// <summary>The last request's first byte, in nanoseconds since 1970 (UTC); 0 when it is empty.</summary>
    public required long LastAt { get; init; }

    /// <summary>Requests by endpoint, the most frequent first.</summary>
    public IReadOnlyList<EndpointCount> Endpoints { get; init; } = [];

    /// <summary>What was masked before it was written, in words, such as <c>header Authorization</c>.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];

    /// <summary>Whether its writer ended it; else it was cut off, and what was whole is read.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>What is wrong with the file and what was left out because of it, for people; null when nothing is.</summary>
    public string? Damage { get; init; }

    /// <summary>When its writing began; null where that is not known.</summary>
    public DateTimeOffset? Begun { get; init; }

    /// <summary>What became of the packets that it was made of; null where it was not made of packets, or that is not known.</summary>
    public CaptureAccounts? Accounts { get; init; }

    /// <summary>Exchanges that a filter left out before they were written, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();

    /// <summary>How often something was masked, by kind.</summary>
    public IReadOnlyDictionary<string, long> MaskedCounts { get; init; } = new Dictionary<string, long>();
}

/// <summary>How many requests an endpoint had.</summary>
/// <param name="Method">Upper-case method; <c>TCP</c> for turns of raw TCP.</param>
/// <param name="Path">Path with what differs replaced, such as <c>/item/{id}</c>; of raw TCP the server's port, such as <c>:6379</c>.</param>
/// <param name="Requests">How many.</param>
public readonly record struct EndpointCount(string Method, string Path, long Requests)
{
    /// <summary>The path of all that are not listed by name; their method is <c>*</c>.</summary>
    public const string OtherPath = "(other)";

    /// <summary>Whether it stands for all that are not listed by name.</summary>
    public bool IsOther => Path == OtherPath;
}
