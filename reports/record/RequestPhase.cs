namespace Pressure.Record;

/// <summary>What a request spends its time with, in order. From the moment it is dispatched to its end it is in one phase at a time.</summary>
/// <remarks>
/// <code>
/// due ··· dispatched | blocked | resolving | connecting | handshaking | sending | waiting | receiving | ended
///    (late: ours)                '------- only on a new connection -------'
/// </code>
/// What is missing to the response time is the generator's own: late starts and its work between two phases.
/// A request that fails has spent its time up to then in the phase in which it failed.
/// </remarks>
public enum RequestPhase
{
    /// <summary>No connection was free and no more may be opened; also what a kept connection cost that turned out to be closed.</summary>
    Blocked = 0,

    /// <summary>The target's name was being resolved.</summary>
    Resolving = 1,

    /// <summary>TCP connect, all addresses tried together.</summary>
    Connecting = 2,

    /// <summary>TLS handshake.</summary>
    Handshaking = 3,

    /// <summary>From the first byte handed to the kernel to the last one; nothing if it took them all in one turn.</summary>
    Sending = 4,

    /// <summary>From the last byte sent to the first one that came back.</summary>
    Waiting = 5,

    /// <summary>From the first byte that came back to the last one; nothing if they came in one piece.</summary>
    Receiving = 6,
}
