using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pressure.TrafficCopy;

/// <summary>Decrypts one side's records, one after the other.</summary>
internal sealed class RecordCipher : IDisposable
{
    private readonly CipherSuite _suite;
    private readonly bool _isTls13;
    private readonly bool _encryptThenMac;
    private readonly byte[] _nonce;
    private readonly AesGcm? _gcm;
    private readonly AesCcm? _ccm;
    private readonly ChaCha20Poly1305? _chaCha;
    private readonly Aes? _cbc;
    private ulong _number;

    /// <summary>For a side.</summary>
    /// <param name="suite">The cipher suite.</param>
    /// <param name="keys">The side's keys.</param>
    /// <param name="isTls13">Whether records are those of TLS 1.3.</param>
    /// <param name="encryptThenMac">Whether a CBC record's HMAC stands behind the ciphertext instead of in it (RFC 7366).</param>
    public RecordCipher(CipherSuite suite, TlsKeys.Pair keys, bool isTls13, bool encryptThenMac = false)
    {
        (_suite, _isTls13, _encryptThenMac, _nonce) = (suite, isTls13, encryptThenMac, keys.Nonce);
        switch (suite.Protection)
        {
            case RecordProtection.AesGcm:
                _gcm = new AesGcm(keys.Key, suite.TagBytes);
                break;
            case RecordProtection.ChaCha20:
                _chaCha = new ChaCha20Poly1305(keys.Key);
                break;
            case RecordProtection.AesCbc:
                _cbc = Aes.Create();
                _cbc.Key = keys.Key;
                break;
            default:
                _ccm = new AesCcm(keys.Key);
                break;
        }
    }

    /// <summary>Decrypts the next record.</summary>
    /// <param name="header">Its five bytes.</param>
    /// <param name="body">What follows them.</param>
    /// <param name="to">Takes what was in it; at least as long as <paramref name="body"/>.</param>
    /// <returns>How many bytes were in it; -1 if it is none of this side's, with these keys, at this place.</returns>
    public int Decrypt(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, Span<byte> to)
    {
        try
        {
            var length = _cbc is null ? DecryptSealed(header, body, to) : DecryptChained(body, to);
            if (length >= 0)
                _number++;
            return length;
        }
        catch (CryptographicException)
        {
            return -1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gcm?.Dispose();
        _ccm?.Dispose();
        _chaCha?.Dispose();
        _cbc?.Dispose();
    }

    private int DecryptSealed(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, Span<byte> to)
    {
        Span<byte> nonce = stackalloc byte[12];
        var explicitBytes = nonce.Length - _nonce.Length;
        var length = body.Length - explicitBytes - _suite.TagBytes;
        if (length < 0)
            return -1;
        _nonce.CopyTo(nonce);
        if (explicitBytes > 0)
            body[..explicitBytes].CopyTo(nonce[_nonce.Length..]);
        else
            BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]) ^ _number);

        // TLS 1.3 authenticates the header as it is; before, number, type, version and the length of what is inside.
        Span<byte> beside = stackalloc byte[13];
        BinaryPrimitives.WriteUInt64BigEndian(beside, _number);
        header[..3].CopyTo(beside[8..]);
        BinaryPrimitives.WriteUInt16BigEndian(beside[11..], (ushort)length);
        Open(nonce, body.Slice(explicitBytes, length), body[^_suite.TagBytes..], to[..length], _isTls13 ? header : beside);
        return length;
    }

    private void Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> closed, ReadOnlySpan<byte> tag, Span<byte> to, ReadOnlySpan<byte> authenticated)
    {
        if (_gcm is not null)
            _gcm.Decrypt(nonce, closed, tag, to, authenticated);
        else if (_chaCha is not null)
            _chaCha.Decrypt(nonce, closed, tag, to, authenticated);
        else
            _ccm!.Decrypt(nonce, closed, tag, to, authenticated);
    }

    /// <summary>CBC, with the IV in front. The HMAC is taken off, not checked: with a wrong key the padding is wrong too, but for one record in 256.</summary>
    private int DecryptChained(ReadOnlySpan<byte> body, Span<byte> to)
    {
        const int Block = 16;
        var chained = body.Length - Block - (_encryptThenMac ? _suite.TagBytes : 0);
        if (chained < Block || chained % Block != 0)
            return -1;
        _cbc!.DecryptCbc(body.Slice(Block, chained), body[..Block], to, PaddingMode.None);
        var padding = to[chained - 1];
        var unpadded = chained - padding - 1;
        var length = unpadded - (_encryptThenMac ? 0 : _suite.TagBytes);
        return length >= 0 && !to.Slice(unpadded, padding).ContainsAnyExcept(padding) ? length : -1;
    }
}
