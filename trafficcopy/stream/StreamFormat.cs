namespace Pressure.TrafficCopy;

/// <summary>Exchanges on their way from the machine that captures them to the one that keeps or replays them: records as in the store, without its beginning and end.</summary>
/// <remarks>
/// <code>
/// records, each: length of payload (4)  CRC-32C of payload (4)  payload
///     block    kind 2, as in the store, in the order in which exchanges were over
///     ends     kind 5, connections that are over: how many, then number and time of each (LEB128)
/// </code>
/// Reads are by place in the stream, so what was lost on the way is asked for again, and nothing comes twice.
/// </remarks>
internal static class StreamFormat
{
    /// <summary>First byte of a record of connections that are over.</summary>
    public const byte Ends = 5;

    /// <summary>Bytes of the longest payload. What is longer than that is shortened before.</summary>
    public const int MaxPayload = 4 << 20;

    /// <summary>Bytes of exchanges at which a block is closed.</summary>
    public const int BlockSize = 64 << 10;

    /// <summary>Bytes of each head of an exchange, and of each body, at most.</summary>
    public const int MaxHead = 128 << 10;

    /// <summary>Bytes of each body of an exchange, at most.</summary>
    public const int MaxBody = 1 << 20;
}
