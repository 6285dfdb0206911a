namespace Pressure.TrafficCopy;

/// <summary>
/// Makes whoever takes a connection's bytes: what it speaks is told by its first bytes. Owned by one thread.
/// </summary>
/// <remarks>
/// <code>
///                          HTTP/1.x ----------------> Http1Conversation --+-- CONNECT: looked at afresh
///  bytes -> first look --+ HTTP/2 preface ----------> options.Http2       +-- 101: raw TCP, options.Http2Upgrade, or counted
///                        + TLS record --------------> options.Tls --------> looked at afresh
///                        + anything else -----------> raw TCP, or counted
/// </code>
/// </remarks>
public sealed class ConversationOpener(IExchangeSink to, CaptureAccounts accounts, ConversationOptions? options = null) : IConversationOpener
{
    /// <inheritdoc/>
    public IConversation Open(in ConversationStart start) => throw new NotImplementedException();
}
