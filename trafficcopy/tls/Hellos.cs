using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>What of a ClientHello is needed.</summary>
internal readonly record struct ClientHello(byte[] Random)
{
    /// <summary>Reads the message behind its header; null if it is none.</summary>
    public static ClientHello? Read(ReadOnlySpan<byte> message) => message.Length < 34 ? null : new(message.Slice(2, 32).ToArray());
}

/// <summary>What of a ServerHello is needed.</summary>
internal readonly record struct ServerHello(byte[] Random, int Suite, bool IsTls13, bool EncryptThenMac)
{
    private const int SupportedVersions = 43;
    private const int EncryptThenMacExtension = 22;

    /// <summary>The random of a ServerHello that only asks for another ClientHello (RFC 8446, 4.1.3).</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Whether another ClientHello follows, and another of these.</summary>
    public bool IsRetry => RetryRandom.SequenceEqual(Random);

    /// <summary>Reads the message behind its header; null if it is none.</summary>
    public static ServerHello? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < 38 || message.Length < 38 + message[34])
            return null;
        var rest = message[(35 + message[34])..];
        var hello = new ServerHello(message.Slice(2, 32).ToArray(), BinaryPrimitives.ReadUInt16BigEndian(rest), false, false);
        rest = rest[3..];
        if (rest.Length < 2)
            return hello;
        for (rest = rest[2..]; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (rest.Length < 4 + length)
                return null;
            hello = BinaryPrimitives.ReadUInt16BigEndian(rest) switch
            {
                SupportedVersions => hello with { IsTls13 = rest.Slice(4, length).SequenceEqual((ReadOnlySpan<byte>)[3, 4]) },
                EncryptThenMacExtension => hello with { EncryptThenMac = true },
                _ => hello,
            };
            rest = rest[(4 + length)..];
        }
        return hello;
    }
}
