namespace Pressure.TrafficCopy;

/// <summary>What is kept of conversations, how much of it, and who reads what is not read here.</summary>
public sealed record ConversationOptions
{
    /// <summary>Whose bodies are kept; the others are counted only.</summary>
    public KeptBodies Bodies { get; init; } = KeptBodies.All;

    /// <summary>How many bytes of a body are kept at most; of raw TCP, of each side of a turn.</summary>
    public int BodyLimit { get; init; } = 1 << 20;

    /// <summary>How long a head may be at most; a longer one is passed over.</summary>
    public int HeadLimit { get; init; } = 64 << 10;

    /// <summary>How many bytes one connection may hold: unfinished messages, and what waits for the other direction.</summary>
    public int HeldPerConnection { get; init; } = 8 << 20;

    /// <summary>How many bytes all connections together may hold.</summary>
    public long HeldInAll { get; init; } = 96 << 20;

    /// <summary>How many requests of one connection may wait for their responses.</summary>
    public int PendingRequests { get; init; } = 256;

    /// <summary>Whether connections that speak something else are kept as raw TCP, in turns; else they are passed over.</summary>
    public bool KeepRaw { get; init; }

    /// <summary>Whether what follows an upgrade (WebSocket, ...) is kept as raw TCP, in turns; else it is counted only.</summary>
    public bool KeepUpgraded { get; init; }

    /// <summary>Reads HTTP/2 from its preface on; without it such connections are counted and passed over.</summary>
    public Func<ConnectionOutput, IConversation?>? Http2 { get; init; }

    /// <summary>
    /// Reads HTTP/2 after an upgrade from HTTP/1.1 (<c>h2c</c>), from the first bytes after the response 101 on. The exchange is a copy that lasts of the
    /// request and the response 101; the request's true response comes on stream 1, so it is this reader's to hand on, not HTTP/1's.
    /// </summary>
    public Func<ConnectionOutput, CapturedExchange, IConversation?>? Http2Upgrade { get; init; }

    /// <summary>Reads TLS from its first record on, and gives what is inside to the conversation that it is handed.</summary>
    public Func<ConnectionOutput, IConversation, IConversation?>? Tls { get; init; }

    /// <summary>The same with our own readers where it has none: for HTTP/2 and, with keys, for TLS. For one pipeline, since readers belong to one thread.</summary>
    public ConversationOptions WithReaders(KeyLog? keys)
    {
        var http2 = new Http2Reader(this);
        return this with
        {
            Http2 = Http2 ?? http2.Open,
            Http2Upgrade = Http2Upgrade ?? http2.OpenUpgraded,
            Tls = Tls ?? (keys is null ? null : new TlsReader(keys).Open),
        };
    }
}

/// <summary>Whose bodies are kept.</summary>
public enum KeptBodies
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>Those of requests.</summary>
    Requests,

    /// <summary>All.</summary>
    All,
}
