using System.Security.Cryptography;
using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>Makes keys of secrets, as both sides did.</summary>
internal static class TlsKeys
{
    /// <summary>One side's key, and what of its nonces is always the same.</summary>
    public readonly record struct Pair(byte[] Key, byte[] Nonce);

    /// <summary>TLS 1.3 (RFC 8446, 7.3).</summary>
    public static Pair OfTraffic(CipherSuite suite, byte[] secret) => new(Expand(suite.Hash, secret, "key", suite.KeyBytes), Expand(suite.Hash, secret, "iv", 12));

    /// <summary>TLS 1.3: the secret after an update of keys (RFC 8446, 7.2).</summary>
    public static byte[] Next(CipherSuite suite, byte[] secret) => Expand(suite.Hash, secret, "traffic upd", secret.Length);

    /// <summary>TLS 1.2 (RFC 5246, 6.3): the client's and the server's, of one block.</summary>
    public static (Pair Client, Pair Server) OfMaster(CipherSuite suite, byte[] master, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom)
    {
        byte[] seed = [.. "key expansion"u8, .. serverRandom, .. clientRandom];
        var block = PseudoRandom(suite.Hash, master, seed, 2 * (suite.MacKeyBytes + suite.KeyBytes + suite.FixedNonceBytes));
        var at = 2 * suite.MacKeyBytes;
        var (clientKey, serverKey) = (Take(suite.KeyBytes), Take(suite.KeyBytes));
        var (clientNonce, serverNonce) = (Take(suite.FixedNonceBytes), Take(suite.FixedNonceBytes));
        return (new(clientKey, clientNonce), new(serverKey, serverNonce));

        byte[] Take(int bytes)
        {
            at += bytes;
            return block[(at - bytes)..at];
        }
    }

    private static byte[] Expand(HashAlgorithmName hash, byte[] secret, string label, int bytes)
    {
        byte[] info = [(byte)(bytes >> 8), (byte)bytes, (byte)(label.Length + 6), .. "tls13 "u8, .. Encoding.ASCII.GetBytes(label), 0];
        return HKDF.Expand(hash, secret, bytes, info);
    }

    /// <summary>P_hash of RFC 5246, 5: HMACs of HMACs, as many as it takes.</summary>
    private static byte[] PseudoRandom(HashAlgorithmName hash, byte[] secret, byte[] seed, int bytes)
    {
        var made = new List<byte>(bytes + 64);
        for (var a = Mac(seed); made.Count < bytes; a = Mac(a))
            made.AddRange(Mac([.. a, .. seed]));
        return [.. made.Take(bytes)];

        byte[] Mac(byte[] data) => hash == HashAlgorithmName.SHA384 ? HMACSHA384.HashData(secret, data) : HMACSHA256.HashData(secret, data);
    }
}
