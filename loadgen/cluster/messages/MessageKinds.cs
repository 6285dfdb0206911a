namespace Pressure.Cluster;

/// <summary>The kinds of messages between coordinators and workers, and the names of mailboxes and topics.</summary>
/// <remarks>
/// <code>
///  worker                                                                coordinator of run R
///    |--- topic presence:  WorkerCard (each second, whether it has work or not) ----->|
///    |&lt;-- mailbox worker.NAME: ShareOffer (what to make, all that it takes) ----------|
///    |--- mailbox run.R:   FileWanted --->  &lt;--- worker.NAME: FilePiece --------------|   what is large, by its hash, once
///    |--- mailbox run.R:   ClockQuestion -> &lt;--- worker.NAME: ClockAnswer ------------|   the shortest of several tells the offset
///    |--- mailbox run.R:   ShareReady (or why not) ---------------------------------->|
///    |&lt;-- mailbox worker.NAME: ShareBegin (when offset zero is) ----------------------|
///    |--- topic beats.R:   Beat (each heartbeat) ------------------------------------>|
///    |&lt;-- topic orders.R:  Orders (each half heartbeat, and at once when changed) -----|   stop, steering, whose share it is, which beats were heard
///    |--- mailbox run.R:   ShareSecond (an interval, kept until acknowledged) -------->|
///    |--- mailbox run.R:   ShareReplay (every few seconds, of a replay) ------------->|
///    |--- mailbox run.R:   ShareEnded ----------------------------------------------->|
/// </code>
/// A lease needs no common clock: a worker may send until the moment at which it sent the last <see cref="Beat"/> that <see cref="Orders"/> say was heard, plus the lease. The
/// coordinator gives a share to another one the lease after it heard that beat, which is later. At the start of a run both count from offset zero, whatever was heard before;
/// a worker takes the uncertainty of its clock off.
/// </remarks>
public static class MessageKinds
{
    /// <summary>Kinds.</summary>
    public const string Card = "card", Offer = "offer", Wanted = "wanted", Piece = "piece", Question = "clock?", Answer = "clock", Ready = "ready", Begin = "begin", Beat = "beat",
        Orders = "orders", Second = "second", Replay = "replay", Ended = "ended";

    /// <summary>The topic on which workers tell that they are there.</summary>
    public const string Presence = "presence";

    /// <summary>The mailbox of a worker.</summary>
    public static string WorkerMailbox(string worker) => $"worker.{worker}";

    /// <summary>The mailbox of a run.</summary>
    public static string RunMailbox(string run) => $"run.{run}";

    /// <summary>The topic of a run's beats.</summary>
    public static string BeatsTopic(string run) => $"beats.{run}";

    /// <summary>The topic of a run's orders.</summary>
    public static string OrdersTopic(string run) => $"orders.{run}";
}
