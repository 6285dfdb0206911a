using System.Security.Cryptography;

namespace Pressure.TrafficCopy;

/// <summary>How the records of a cipher suite are protected.</summary>
internal enum RecordProtection
{
    /// <summary>AES in Galois/Counter Mode.</summary>
    AesGcm,

    /// <summary>AES in counter mode with CBC-MAC.</summary>
    AesCcm,

    /// <summary>ChaCha20-Poly1305.</summary>
    ChaCha20,

    /// <summary>AES in CBC mode beside an HMAC.</summary>
    AesCbc,
}

/// <summary>What of a cipher suite is needed to decrypt, knowing the secrets (the numbers are those of the IANA registry).</summary>
/// <param name="Protection">How records are protected.</param>
/// <param name="KeyBytes">Length of the key.</param>
/// <param name="Hash">Of the key derivation.</param>
/// <param name="TagBytes">Bytes that authenticate a record: the tag behind the ciphertext, or the HMAC of CBC.</param>
internal sealed record CipherSuite(RecordProtection Protection, int KeyBytes, HashAlgorithmName Hash, int TagBytes = 16)
{
    /// <summary>Length of the HMAC's key; 0 where the cipher authenticates.</summary>
    public int MacKeyBytes => Protection == RecordProtection.AesCbc ? TagBytes : 0;

    /// <summary>Bytes of the nonce that come with the keys (TLS 1.2); the others stand in each record.</summary>
    public int FixedNonceBytes => Protection switch
    {
        RecordProtection.ChaCha20 => 12,
        RecordProtection.AesCbc => 0,
        _ => 4,
    };

    /// <summary>The suite of a number; null for one that can't be decrypted here.</summary>
    public static CipherSuite? Of(int number) => number switch
    {
        // TLS 1.3.
        0x1301 => new(RecordProtection.AesGcm, 16, HashAlgorithmName.SHA256),
        0x1302 => new(RecordProtection.AesGcm, 32, HashAlgorithmName.SHA384),
        0x1303 => new(RecordProtection.ChaCha20, 32, HashAlgorithmName.SHA256),
        0x1304 => new(RecordProtection.AesCcm, 16, HashAlgorithmName.SHA256),
        0x1305 => new(RecordProtection.AesCcm, 16, HashAlgorithmName.SHA256, TagBytes: 8),

        // TLS 1.2: RSA, DHE, ECDHE.
        0x009C or 0x009E or 0xC02B or 0xC02F => new(RecordProtection.AesGcm, 16, HashAlgorithmName.SHA256),
        0x009D or 0x009F or 0xC02C or 0xC030 => new(RecordProtection.AesGcm, 32, HashAlgorithmName.SHA384),
        0xCCA8 or 0xCCA9 or 0xCCAA => new(RecordProtection.ChaCha20, 32, HashAlgorithmName.SHA256),
        0xC09C or 0xC09E or 0xC0AC => new(RecordProtection.AesCcm, 16, HashAlgorithmName.SHA256),
        0xC09D or 0xC09F or 0xC0AD => new(RecordProtection.AesCcm, 32, HashAlgorithmName.SHA256),
        0xC0A0 or 0xC0A2 or 0xC0AE => new(RecordProtection.AesCcm, 16, HashAlgorithmName.SHA256, TagBytes: 8),
        0xC0A1 or 0xC0A3 or 0xC0AF => new(RecordProtection.AesCcm, 32, HashAlgorithmName.SHA256, TagBytes: 8),
        0x002F or 0x0033 or 0xC009 or 0xC013 => new(RecordProtection.AesCbc, 16, HashAlgorithmName.SHA256, TagBytes: 20),
        0x0035 or 0x0039 or 0xC00A or 0xC014 => new(RecordProtection.AesCbc, 32, HashAlgorithmName.SHA256, TagBytes: 20),
        0x003C or 0x0067 or 0xC023 or 0xC027 => new(RecordProtection.AesCbc, 16, HashAlgorithmName.SHA256, TagBytes: 32),
        0x003D or 0x006B => new(RecordProtection.AesCbc, 32, HashAlgorithmName.SHA256, TagBytes: 32),
        0xC024 or 0xC028 => new(RecordProtection.AesCbc, 32, HashAlgorithmName.SHA384, TagBytes: 48),
        _ => null,
    };
}
