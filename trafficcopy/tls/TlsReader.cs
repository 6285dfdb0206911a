namespace Pressure.TrafficCopy;

/// <summary>Decrypts TLS connections whose secrets are known: plugs in as <see cref="ConversationOptions.Tls"/>. Owned by one thread.</summary>
public sealed class TlsReader(KeyLog keys)
{
    /// <summary>A record is never longer (RFC 8446, 5.2; TLS 1.2 allows a little more).</summary>
    internal const int LongestRecord = (16 << 10) + 2048;

    /// <summary>What all connections together may hold of records that are not whole yet.</summary>
    private const long HeldInAll = 64 << 20;

    internal KeyLog Keys => keys;

    internal MemoryAllowance Memory { get; } = new(HeldInAll);

    /// <summary>Takes a connection's records, and gives what is in them to <paramref name="inner"/>.</summary>
    public IConversation Open(ConnectionOutput output, IConversation inner) => new TlsConversation(this, output.Accounts, inner);
}
