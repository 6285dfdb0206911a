namespace Pressure.TrafficCopy;

/// <summary>
/// Makes whoever takes a connection's bytes: what it speaks is told by its first bytes. Owned by one thread.
/// </summary>
/// <remarks>
/// <code>
///                          HTTP/1.x ----------------> Http1Conversation --+-- CONNECT: looked at afresh
///  bytes -> first look --+ HTTP/2 preface ----------> options.Http2       +-- 101: options.Http2Upgrade, raw TCP, or counted
///                        + TLS record --------------> options.Tls --------> looked at afresh
///                        + anything else -----------> raw TCP, or counted
/// </code>
/// </remarks>
public sealed class ConversationOpener : IConversationOpener
{
    /// <summary>Tunnels within tunnels within TLS: nobody does more, but bytes could say so.</summary>
    private const int Deepest = 4;

    private readonly IExchangeSink _to;
    private readonly CaptureAccounts _accounts;
    private readonly HttpShared _shared;

    /// <summary>For a capture.</summary>
    public ConversationOpener(IExchangeSink to, CaptureAccounts accounts, ConversationOptions? options = null)
    {
        options ??= new ConversationOptions();
        (_to, _accounts, _shared, Whole) = (to, accounts, new HttpShared(options), options);
    }

    /// <summary>How many bytes all conversations hold.</summary>
    public long HeldBytes => _shared.Memory.Held;

    private ConversationOptions Whole { get; }

    /// <inheritdoc/>
    public IConversation Open(in ConversationStart start) =>
        new SniffedConversation(new ConnectionOutput(start, _to, _accounts), this, _shared) { EndsConnection = _to };

    /// <summary>Whoever looks afresh at what is inside of a connection.</summary>
    internal IConversation OpenInside(ConnectionOutput output) =>
        output.Depth < Deepest ? new SniffedConversation(output, this, _shared) : PassOver(Happening.UnknownProtocol);

    /// <summary>Whoever takes what follows an upgrade to something that is not read.</summary>
    internal IConversation OpenUpgraded(ConnectionOutput output) =>
        Whole.KeepUpgraded ? new RawConversation(output, _shared) : new PassedOver(_accounts);

    /// <summary>Whoever takes HTTP/2 after an upgrade; null without a reader.</summary>
    internal IConversation? OpenHttp2Upgrade(ConnectionOutput output, Func<CapturedExchange> upgrade)
    {
        if (Whole.Http2Upgrade is { } open)
            return open(output, upgrade().Keep());
        _accounts.Count(Happening.Http2Undecodable);
        return null;
    }

    /// <summary>Whoever takes a connection that speaks this; in the middle of something, of which this side was the last to speak.</summary>
    internal IConversation OpenSpoken(Spoken spoken, ConnectionOutput output, bool fromMiddle, Side? lastSpeaker)
    {
        switch (spoken)
        {
            case Spoken.Http1:
                return new Http1Conversation(output, this, _shared, fromMiddle, lastSpeaker);
            case Spoken.Http2:
                return Whole.Http2?.Invoke(output) ?? PassOver(Happening.Http2Undecodable);
            case Spoken.Tls:
                return Whole.Tls?.Invoke(output, OpenInside(output.Within(ExchangeMarks.Decrypted))) ?? PassOver(Happening.TlsWithoutKeys);
            default:
                if (!Whole.KeepRaw)
                    return PassOver(Happening.UnknownProtocol);
                _accounts.Count(Happening.RawConversation);
                return new RawConversation(output, _shared);
        }
    }

    /// <summary>Counts why a connection is passed over.</summary>
    internal PassedOver PassOver(Happening why)
    {
        _accounts.Count(why);
        return new PassedOver(_accounts);
    }
}
