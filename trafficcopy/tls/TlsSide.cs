namespace Pressure.TrafficCopy;

/// <summary>What is known of one direction of a TLS connection.</summary>
internal sealed class TlsSide(MemoryAllowance memory)
{
    private RecordCipher? _cipher;

    /// <summary>Of a record that is not whole yet, or can't be read yet.</summary>
    public HeldBytes Held;

    /// <summary>Its handshake.</summary>
    public HandshakeMessages Handshake { get; } = new(memory);

    /// <summary>Nothing of it can be decrypted any more.</summary>
    public bool IsLost { get; set; }

    /// <summary>TLS 1.3: what its present keys were made of.</summary>
    public byte[]? Secret { get; private set; }

    /// <summary>TLS 1.3: what is to come after its handshake.</summary>
    public byte[]? TrafficSecret { get; set; }

    /// <summary>Decrypts it; null while it is not encrypted.</summary>
    public RecordCipher? Cipher
    {
        get => _cipher;
        set
        {
            _cipher?.Dispose();
            _cipher = value;
        }
    }

    /// <summary>TLS 1.3: from here on it is encrypted with keys of this secret.</summary>
    public void Change(CipherSuite suite, byte[] secret) => (Secret, Cipher) = (secret, new RecordCipher(suite, TlsKeys.OfTraffic(suite, secret), isTls13: true));

    /// <summary>Gives back what it holds.</summary>
    public void Close()
    {
        Cipher = null;
        Handshake.Clear();
        Held.Clear(memory);
    }
}
