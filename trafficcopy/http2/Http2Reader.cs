namespace Pressure.TrafficCopy;

/// <summary>
/// Reads HTTP/2 in the clear, or what TLS gave: plugs in as <see cref="ConversationOptions.Http2"/> and <see cref="ConversationOptions.Http2Upgrade"/>.
/// Owned by one thread.
/// </summary>
public sealed class Http2Reader(ConversationOptions options)
{
    private readonly MemoryAllowance _memory = new(options.HeldInAll);

    /// <summary>Takes a connection from its preface on.</summary>
    public IConversation Open(ConnectionOutput output) => new Http2Conversation(output, options, _memory);

    /// <summary>Takes a connection after its upgrade from HTTP/1.1.</summary>
    public IConversation OpenUpgraded(ConnectionOutput output, CapturedExchange upgraded) => new Http2Conversation(output, options, _memory, upgraded);
}
