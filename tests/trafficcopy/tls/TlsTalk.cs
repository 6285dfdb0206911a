using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pressure.TrafficCopy.Tests;

/// <summary>
/// A connection of TLS 1.3 (AES-128-GCM) told record by record with secrets that are made up, and what was made of it. What stands within the handshake matters to nobody
/// but its ends.
/// </summary>
internal sealed class TlsTalk
{
    public const int ChangeCipherSpec = 20, Handshake = 22, Data = 23;

    private readonly byte[] _clientRandom = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private readonly Dictionary<Side, (byte[] Secret, ulong Number)> _sides;
    private long _now = 1_000;

    /// <param name="secretBytes">Length of the secrets in the key log; 32 is right.</param>
    public TlsTalk(int secretBytes = 32)
    {
        var keys = new KeyLog();
        foreach (var label in new[] { "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0" })
            keys.TakeKeyLog(Encoding.ASCII.GetBytes($"{label} {Convert.ToHexString(_clientRandom)} {Convert.ToHexString(SecretOf(label)[..secretBytes])}\n"));
        keys.TakeKeyLog(Encoding.ASCII.GetBytes($"CLIENT_RANDOM {Convert.ToHexString(_clientRandom)} {new string('a', 96)}\n"));
        Heard = new HttpText(new ConversationOptions().WithReaders(keys));
        _sides = new() { [Side.Client] = (SecretOf("CLIENT_HANDSHAKE_TRAFFIC_SECRET"), 0), [Side.Server] = (SecretOf("SERVER_HANDSHAKE_TRAFFIC_SECRET"), 0) };
    }

    public HttpText Heard { get; }

    public string[] Told => [.. Heard.Told.Select(t => t.Replace("Decrypted", "", StringComparison.Ordinal).Replace(" []", "", StringComparison.Ordinal).Replace("[, ", "[", StringComparison.Ordinal).Replace(", ]", "]", StringComparison.Ordinal))];

    public long this[Happening what] => Heard.Accounts[what];

    public byte[] ClientHello => Record(Handshake, Message(1, [3, 3, .. _clientRandom, 0, 0, 2, 0x13, 1, 1, 0]));

    public static byte[] ServerHello => Record(Handshake, Message(2, [3, 3, .. new byte[32], 0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4]));

    /// <summary>The same of TLS 1.2.</summary>
    public static byte[] OldServerHello => Record(Handshake, Message(2, [3, 3, .. new byte[32], 0, 0x00, 0x9C, 0]));

    public static byte[] Finished => Message(20, new byte[32]);

    /// <summary>Both hellos and the ends of both handshakes.</summary>
    public static TlsTalk Begun()
    {
        var talk = new TlsTalk();
        return talk.Say(Side.Client, talk.ClientHello).Say(Side.Server, ServerHello).Say(Side.Server, Handshake, Finished).Traffic(Side.Server).Say(Side.Client, Handshake, Finished).Traffic(Side.Client);
    }

    /// <summary>A handshake message.</summary>
    public static byte[] Message(int kind, byte[] body) => [(byte)kind, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    /// <summary>A record as it is.</summary>
    public static byte[] Record(int kind, byte[] body) => [(byte)kind, 3, 3, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    public TlsTalk Say(Side from, byte[] bytes)
    {
        Heard.Take(from, bytes, ++_now);
        return this;
    }

    /// <summary>A sealed record.</summary>
    public TlsTalk Say(Side from, int kind, byte[] content, int padding = 0) => Say(from, Seal(from, kind, content, padding));

    public TlsTalk Say(Side from, string text) => Say(from, Data, Encoding.ASCII.GetBytes(text));

    public byte[] Seal(Side from, int kind, byte[] content, int padding = 0)
    {
        var (secret, number) = _sides[from];
        byte[] inner = [.. content, (byte)kind, .. new byte[padding]];
        var length = inner.Length + 16;
        byte[] header = [Data, 3, 3, (byte)(length >> 8), (byte)length];
        var nonce = Expand(secret, "iv", 12);
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), BinaryPrimitives.ReadUInt64BigEndian(nonce.AsSpan(4)) ^ number);
        var (closed, tag) = (new byte[inner.Length], new byte[16]);
        using var cipher = new AesGcm(Expand(secret, "key", 16), 16);
        cipher.Encrypt(nonce, inner, closed, tag, header);
        _sides[from] = (secret, number + 1);
        return [.. header, .. closed, .. tag];
    }

    /// <summary>From here on this side's data has keys of its own.</summary>
    public TlsTalk Traffic(Side from)
    {
        _sides[from] = (SecretOf(from == Side.Client ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0"), 0);
        return this;
    }

    /// <summary>A side says that new keys follow, and takes them.</summary>
    public TlsTalk UpdateKeys(Side from)
    {
        Say(from, Handshake, Message(24, [0]));
        _sides[from] = (Expand(_sides[from].Secret, "traffic upd", 32), 0);
        return this;
    }

    public TlsTalk Miss(Side from, long bytes)
    {
        Heard.Miss(from, bytes);
        return this;
    }

    public TlsTalk End()
    {
        Heard.End();
        return this;
    }

    private static byte[] SecretOf(string label) => [.. SHA256.HashData(Encoding.ASCII.GetBytes(label)), .. new byte[32]];

    private static byte[] Expand(byte[] secret, string label, int bytes) =>
        HKDF.Expand(HashAlgorithmName.SHA256, secret[..32], bytes, [(byte)(bytes >> 8), (byte)bytes, (byte)(label.Length + 6), .. "tls13 "u8, .. Encoding.ASCII.GetBytes(label), 0]);
}
