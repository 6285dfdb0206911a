namespace Pressure.Cluster;

/// <summary>
/// Carries messages between the coordinators of runs and their workers, wherever those are. Thread-safe. It is not told apart from a slow one when it is away for a
/// while: what is under way waits, and fails with a <see cref="BusException"/> when it can't be brought to an end.
/// </summary>
/// <remarks>
/// Two kinds of ways:
/// <code>
/// mailbox   sender -- SendAsync, safe when it returns --> | kept until acknowledged | --> its one reader
/// topic     sender -- TellAsync ------------------------> whoever listens right now; nothing is kept
/// </code>
/// A message may come twice (its sender could not know that the first had arrived): readers pass over what they have already.
/// </remarks>
public interface IBus : IAsyncDisposable
{
    /// <summary>Whether it can carry anything right now.</summary>
    bool IsConnected { get; }

    /// <summary>What it has carried so far.</summary>
    BusCounts Counts { get; }

    /// <summary>Puts a message into a mailbox, where it stays until its reader has acknowledged it. It is safe, also against a restart of the broker, when this returns.</summary>
    /// <exception cref="BusException">It could not be made safe: not connected, the mailbox is not there or is full. The same message may be sent again.</exception>
    ValueTask SendAsync(string mailbox, BusMessage message, CancellationToken stop = default);

    /// <summary>Tells those who listen to a topic now.</summary>
    /// <exception cref="BusException">Not connected.</exception>
    ValueTask TellAsync(string topic, BusMessage message, CancellationToken stop = default);

    /// <summary>Opens a mailbox to read it; makes it if it is not there. One reader at a time.</summary>
    /// <param name="mailbox">Its name: up to 180 letters, digits, dots, hyphens and underscores.</param>
    /// <param name="unacknowledged">How many deliveries may wait for their acknowledgement at once.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <exception cref="MailboxTakenException">Somebody else reads it.</exception>
    /// <exception cref="BusException">Not connected.</exception>
    Task<IMailbox> OpenAsync(string mailbox, int unacknowledged = 1, CancellationToken stop = default);

    /// <summary>Listens to a topic from now on.</summary>
    /// <exception cref="BusException">Not connected.</exception>
    Task<IListener> ListenAsync(string topic, CancellationToken stop = default);

    /// <summary>Removes a mailbox with all that is in it. One that is not there is none too many.</summary>
    /// <exception cref="BusException">Not connected.</exception>
    Task RemoveAsync(string mailbox, CancellationToken stop = default);
}

/// <summary>Reads a mailbox until it is disposed of. It goes on by itself after the bus was away for a while: what was not acknowledged is delivered again.</summary>
public interface IMailbox : IAsyncDisposable
{
    /// <summary>Deliveries in the order in which they were sent, as far as none comes again.</summary>
    IAsyncEnumerable<BusDelivery> ReadAsync(CancellationToken stop = default);
}

/// <summary>Listens to a topic until it is disposed of. What comes faster than it is read is dropped, the oldest first.</summary>
public interface IListener : IAsyncDisposable
{
    /// <summary>Messages as they come.</summary>
    IAsyncEnumerable<BusMessage> ReadAsync(CancellationToken stop = default);
}

/// <summary>A message.</summary>
/// <param name="Kind">What it is, for whoever takes it apart: one of <see cref="MessageKinds"/>.</param>
/// <param name="Body">Its bytes; at most <see cref="MostBytes"/>.</param>
public readonly record struct BusMessage(string Kind, ReadOnlyMemory<byte> Body)
{
    /// <summary>A longer body is refused.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>A longer body is refused by topics: those who listen keep many messages.</summary>
    public const int MostToldBytes = 1 << 20;
}

/// <summary>A message out of a mailbox; stays there until one of the two is called.</summary>
public abstract class BusDelivery(BusMessage message)
{
    /// <summary>The message; its bytes may be kept.</summary>
    public BusMessage Message { get; } = message;

    /// <summary>It has been dealt with for good. Of a delivery from before the bus was away this does nothing: it comes again.</summary>
    public abstract ValueTask AcknowledgeAsync();

    /// <summary>Nobody can make anything of it: it goes to the dead letters, where people find it, and is counted.</summary>
    public abstract ValueTask RefuseAsync(string why);
}

/// <summary>What a bus has carried.</summary>
/// <param name="Sent">Messages that were made safe.</param>
/// <param name="Told">Messages told to topics.</param>
/// <param name="Delivered">Deliveries out of mailboxes, repeated ones included.</param>
/// <param name="Refused">Dead letters.</param>
/// <param name="Dropped">Messages of topics that came faster than they were read.</param>
/// <param name="Interruptions">Times that it was away.</param>
/// <param name="Blockings">Times that the broker stopped taking messages, for want of memory or disk space.</param>
public readonly record struct BusCounts(long Sent, long Told, long Delivered, long Refused, long Dropped, long Interruptions, long Blockings = 0);

/// <summary>A bus could not do what it was asked; the message says why and what to do.</summary>
public class BusException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Somebody else reads the mailbox.</summary>
public sealed class MailboxTakenException(string mailbox) : BusException($"Somebody else reads {mailbox}.");
