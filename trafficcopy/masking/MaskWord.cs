using System.Buffers;
using System.Security.Cryptography;

namespace Pressure.TrafficCopy;

/// <summary>What stands instead of a masked value: always <c>***</c>, with or without a hash behind it.</summary>
public sealed class MaskWord
{
    /// <summary>Bytes of the longest word.</summary>
    internal const int Longest = 3 + (2 * HashBytes);

    private const int HashBytes = 8;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    // Of this object alone: who has the capture can't try values out.
    private readonly byte[]? _key;

    internal MaskWord(bool hash) => _key = hash ? RandomNumberGenerator.GetBytes(32) : null;

    /// <summary>Whether some text holds a masked value.</summary>
    public static bool IsIn(ReadOnlySpan<byte> text) => text.IndexOf("***"u8) >= 0;

    /// <summary>Whether a whole value is a word that stands for another.</summary>
    internal static bool Is(ReadOnlySpan<byte> value) =>
        value.StartsWith("***"u8) && (value.Length == 3 || (value.Length == Longest && !value[3..].ContainsAnyExcept(Digits)));

    /// <summary>Writes the word for a value, and gives its length.</summary>
    internal int Write(ReadOnlySpan<byte> value, Span<byte> to)
    {
        "***"u8.CopyTo(to);
        if (_key is null)
            return 3;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, value, hash);
        Convert.TryToHexStringLower(hash[..HashBytes], to[3..], out var written);
        return 3 + written;
    }
}
