namespace Pressure.TrafficCopy;

/// <summary>What is wanted of a capture's packets, and how much may be held on the way.</summary>
public sealed record CapturePipelineOptions
{
    /// <summary>Whose connections are asked for.</summary>
    public AskedServers Asked { get; init; } = AskedServers.All;

    /// <summary>How much reassembly may hold, and for how long.</summary>
    public ReassemblyLimits Limits { get; init; } = new();

    /// <summary>Secrets to decrypt TLS with; hand the same to <see cref="CaptureReadOptions.Secrets"/>, so that those of pcapng files are used. Null: TLS is counted only.</summary>
    public KeyLog? Keys { get; init; }

    /// <summary>What is kept of conversations. Where it has no readers of its own for HTTP/2, and with keys for TLS, ours are taken.</summary>
    public ConversationOptions Conversations { get; init; } = new();

    /// <summary>The same with readers for all that can be read.</summary>
    internal ConversationOptions WithReaders()
    {
        var http2 = new Http2Reader(Conversations);
        return Conversations with
        {
            Http2 = Conversations.Http2 ?? http2.Open,
            Http2Upgrade = Conversations.Http2Upgrade ?? http2.OpenUpgraded,
            Tls = Conversations.Tls ?? (Keys is null ? null : new TlsReader(Keys).Open),
        };
    }
}
