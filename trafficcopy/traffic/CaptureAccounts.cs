namespace Pressure.TrafficCopy;

/// <summary>
/// What became of everything that a capture holds. The law: packets read = the sum over <see cref="PacketFate"/>, and payload bytes read = the sum over
/// <see cref="ByteFate"/> (once the reassembler has been flushed; before, what is held counts as <see cref="ByteFate.Held"/>).
/// Owned by one thread.
/// </summary>
public sealed class CaptureAccounts
{
    private readonly long[] _packets = new long[Enum.GetValues<PacketFate>().Length];
    private readonly long[] _bytes = new long[Enum.GetValues<ByteFate>().Length];
    private readonly long[] _happenings = new long[Enum.GetValues<Happening>().Length];

    /// <summary>Packets read.</summary>
    public long Packets { get; set; }

    /// <summary>Bytes of TCP payload read, as captured.</summary>
    public long PayloadBytes { get; set; }

    /// <summary>How many packets had a fate.</summary>
    public long this[PacketFate fate] => _packets[(int)fate];

    /// <summary>How many bytes of payload had a fate.</summary>
    public long this[ByteFate fate] => _bytes[(int)fate];

    /// <summary>How often something happened.</summary>
    public long this[Happening what] => _happenings[(int)what];

    /// <summary>Whether both laws hold.</summary>
    public bool IsBalanced => Packets == _packets.Sum() && PayloadBytes == _bytes.Sum();

    /// <summary>Counts a packet's fate.</summary>
    public void Count(PacketFate fate, long packets = 1) => _packets[(int)fate] += packets;

    /// <summary>Counts the fate of bytes of payload.</summary>
    public void Count(ByteFate fate, long bytes) => _bytes[(int)fate] += bytes;

    /// <summary>Counts something that is no packet.</summary>
    public void Count(Happening what, long times = 1) => _happenings[(int)what] += times;
}

/// <summary>What became of a packet: each has exactly one fate.</summary>
public enum PacketFate
{
    /// <summary>It brought bytes of a connection that nobody had brought before.</summary>
    Used,

    /// <summary>It opened, acknowledged or closed a connection, without payload.</summary>
    Control,

    /// <summary>A keep-alive, or a window probe: at most one byte, known already.</summary>
    KeepAlive,

    /// <summary>Its bytes were known already: sent again.</summary>
    Retransmitted,

    /// <summary>The same packet, captured a second time (on another interface).</summary>
    CapturedTwice,

    /// <summary>A fragment that was put together with others; the last one has the whole packet's fate.</summary>
    Fragment,

    /// <summary>A fragment whose others never came, or came with contradictions.</summary>
    FragmentLost,

    /// <summary>Neither IPv4 nor IPv6 (ARP, ...).</summary>
    NotIp,

    /// <summary>IP, but not TCP (UDP, ICMP, ...).</summary>
    NotTcp,

    /// <summary>Of a link layer or tunnel that can't be read.</summary>
    UnknownLink,

    /// <summary>Its lengths contradict each other, or it is too short for its headers.</summary>
    Malformed,

    /// <summary>The capture's snap length cut it within its headers.</summary>
    CutInHeaders,

    /// <summary>Of addresses or ports that were not asked for.</summary>
    NotAsked,

    /// <summary>Of a connection that was over, or outside of its window: it belongs to nothing.</summary>
    OutOfPlace,

    /// <summary>Dropped to keep within the memory's bound.</summary>
    NoMemory,

    /// <summary>Of a connection that was let go to spare the host's processor.</summary>
    Shed,
}

/// <summary>What became of a byte of TCP payload: each has exactly one fate.</summary>
public enum ByteFate
{
    /// <summary>Handed on, in order.</summary>
    Delivered,

    /// <summary>Known already.</summary>
    Duplicate,

    /// <summary>Known already, with another value; the first one won.</summary>
    Conflicting,

    /// <summary>Held, waiting for what comes before it; 0 at the end.</summary>
    Held,

    /// <summary>Dropped: its connection was over, or it was outside of the window.</summary>
    OutOfPlace,

    /// <summary>Dropped to keep within the memory's bound.</summary>
    NoMemory,

    /// <summary>Of addresses or ports that were not asked for.</summary>
    NotAsked,

    /// <summary>A window probe's or keep-alive's.</summary>
    KeepAlive,

    /// <summary>Of a connection that was let go to spare the host's processor.</summary>
    Shed,
}

/// <summary>What is counted besides packets and bytes.</summary>
public enum Happening
{
    /// <summary>A connection was seen.</summary>
    Connection,

    /// <summary>Of these, one whose beginning was not captured.</summary>
    ConnectionWithoutSyn,

    /// <summary>Of these, one of which only one direction was captured.</summary>
    OneSided,

    /// <summary>Of these, one that was given up to keep within the memory's bound.</summary>
    ConnectionEvicted,

    /// <summary>Bytes were missing for good in some direction.</summary>
    Gap,

    /// <summary>How many.</summary>
    MissingBytes,

    /// <summary>An exchange was handed on.</summary>
    Exchange,

    /// <summary>Of these, one with a part missing.</summary>
    IncompleteExchange,

    /// <summary>Of these, a request without any response.</summary>
    Unanswered,

    /// <summary>A response whose request was not captured.</summary>
    ResponseWithoutRequest,

    /// <summary>A request whose framing can be read in two ways.</summary>
    Smuggling,

    /// <summary>A connection changed to another protocol.</summary>
    Upgrade,

    /// <summary>Bytes were passed over until the next message began.</summary>
    Resynchronised,

    /// <summary>How many.</summary>
    SkippedBytes,

    /// <summary>A TLS connection without keys.</summary>
    TlsWithoutKeys,

    /// <summary>A TLS connection that could not be decrypted although there were keys.</summary>
    TlsUndecryptable,

    /// <summary>A TLS connection that was decrypted.</summary>
    TlsDecrypted,

    /// <summary>An HTTP/2 connection or stream that can't be decoded (its beginning is missing, or its compression state is lost).</summary>
    Http2Undecodable,

    /// <summary>A connection that speaks something else, kept as raw TCP.</summary>
    RawConversation,

    /// <summary>A connection that speaks something else, passed over.</summary>
    UnknownProtocol,

    /// <summary>A packet with a time before that of the one before it.</summary>
    TimeWentBack,

    /// <summary>Packets that whoever captured says to have dropped (pcapng's statistics, the kernel's count).</summary>
    DroppedByCapture,

    /// <summary>Bytes of connections that were passed over, and bytes after an upgrade that are not kept.</summary>
    PassedOverBytes,

    /// <summary>A live capture rested, to keep within its share of the processor.</summary>
    Rest,
}
