using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>
/// What is left of a packet while its layers are peeled off, and what they have told so far. Each peeling takes off one header and says what is inside.
/// </summary>
internal ref struct Layer
{
    /// <summary>What was captured.</summary>
    public ReadOnlySpan<byte> Data;

    /// <summary>How long it was on the wire; at least as long as what was captured.</summary>
    public long Length;

    /// <summary>VLANs and virtual networks so far, folded into one number; 0 for none.</summary>
    public ulong Network;

    /// <summary>First half of the sender's address, of the innermost IP so far.</summary>
    public ulong FromHigh;

    /// <summary>Second half of the sender's address.</summary>
    public ulong FromLow;

    /// <summary>First half of the receiver's address.</summary>
    public ulong ToHigh;

    /// <summary>Second half of the receiver's address.</summary>
    public ulong ToLow;

    /// <summary>What IP carries.</summary>
    public int Protocol;

    /// <summary>The innermost IPv4 packet's identification; 0 for IPv6.</summary>
    public int IpId;

    /// <summary>A fragment's datagram's number.</summary>
    public uint FragmentId;

    /// <summary>Where the fragment belongs in it, in bytes.</summary>
    public int FragmentOffset;

    /// <summary>Whether the datagram goes on behind it.</summary>
    public bool MoreFragments;

    /// <summary>Whether that many bytes are there to be read.</summary>
    public readonly bool Has(int bytes) => Data.Length >= bytes;

    /// <summary>Why that many bytes are not there: they never were, or they were not captured.</summary>
    public readonly Inside Lacks(int bytes) => Length < bytes ? Inside.Malformed : Inside.CutInHeaders;

    /// <summary>Two bytes in network order.</summary>
    public readonly int Two(int at) => BinaryPrimitives.ReadUInt16BigEndian(Data[at..]);

    /// <summary>Four bytes in network order.</summary>
    public readonly uint Four(int at) => BinaryPrimitives.ReadUInt32BigEndian(Data[at..]);

    /// <summary>Takes off a header; what of it was not captured is passed over all the same.</summary>
    public void Strip(int header)
    {
        Data = Data[Math.Min(header, Data.Length)..];
        Length -= header;
    }

    /// <summary>
    /// Sets how long it is: what comes behind is padding or a checksum. A length beyond the frame's is believed: some tools that cut packets
    /// shorten the length on the wire too, so the rest counts as not captured.
    /// </summary>
    public void Resize(long length)
    {
        Length = length;
        if (length < Data.Length)
            Data = Data[..(int)length];
    }

    /// <summary>Folds another network's number in; of the same numbers in the same order the result is the same, and it is not 0.</summary>
    public void Enter(uint network, uint kind)
    {
        const ulong scatter = 0x9E37_79B9_7F4A_7C15;
        Network = (Network ^ ((ulong)kind << 32 | network) + 1) * scatter;
    }
}
