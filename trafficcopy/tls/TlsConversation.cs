using System.Buffers;
using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>Decrypts a connection record by record, and gives what is inside to the conversation within it.</summary>
/// <remarks>
/// <code>
/// bytes -> records -+- handshake, in the clear: hellos -> secrets of the key log -> ciphers of both sides
///                   +- handshake, encrypted: Finished -> data keys (TLS 1.3), KeyUpdate -> next keys
///                   +- data -> decrypted -> inner
/// </code>
/// A side that loses bytes is lost from there on, since the place of each record is part of its key. Data that a client sends ahead of the handshake (0-RTT)
/// is passed over.
/// </remarks>
internal sealed class TlsConversation : IConversation
{
    private const int HeaderBytes = 5;
    private const int ChangeCipherSpec = 20;
    private const int HandshakeRecord = 22;
    private const int DataRecord = 23;

    /// <summary>What one connection may hold.</summary>
    private const int HeldPerConnection = 512 << 10;

    private readonly TlsReader _reader;
    private readonly CaptureAccounts _accounts;
    private readonly IConversation _inner;
    private readonly MemoryAllowance _memory;
    private readonly TlsSide _client;
    private readonly TlsSide _server;
    private ClientHello? _clientHello;
    private ServerHello? _serverHello;
    private CipherSuite? _suite;
    private TlsSecrets? _secrets;
    private bool _isDecrypted;
    private bool _isGivenUp;

    public TlsConversation(TlsReader reader, CaptureAccounts accounts, IConversation inner)
    {
        (_reader, _accounts, _inner) = (reader, accounts, inner);
        _memory = new MemoryAllowance(HeldPerConnection, reader.Memory);
        (_client, _server) = (new TlsSide(_memory), new TlsSide(_memory));
    }

    /// <inheritdoc/>
    public void Take(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        var side = SideOf(from);
        if (_isGivenUp || side.IsLost)
        {
            _accounts.Count(Happening.PassedOverBytes, bytes.Length);
            return;
        }
        if (side.Held.Length == 0)
            bytes = bytes[ReadRecords(from, bytes, at)..];
        if (!bytes.IsEmpty && !_isGivenUp && !side.IsLost)
            Hold(from, bytes, at);
        Drain(Side.Client, at);
        Drain(Side.Server, at);
    }

    /// <inheritdoc/>
    public void Miss(Side from, long bytes, long at)
    {
        if (_isGivenUp)
            return;
        Lose(from);
        if (_isDecrypted)
            _inner.Miss(from, bytes, at);
    }

    /// <inheritdoc/>
    public void Finish(Side from, long at) => _inner.Finish(from, at);

    /// <inheritdoc/>
    public void End(ConversationEnd how, long at)
    {
        _client.Close();
        _server.Close();
        _inner.End(how, at);
    }

    private TlsSide SideOf(Side from) => from == Side.Client ? _client : _server;

    private void Hold(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        var side = SideOf(from);
        if (side.Held.TryAdd(bytes, _memory))
            return;
        Lose(from);
        _accounts.Count(Happening.PassedOverBytes, bytes.Length);
        _inner.Miss(from, bytes.Length, at);
    }

    /// <summary>Reads what is held and has become whole, or has become clear by the other side.</summary>
    private void Drain(Side from, long at)
    {
        var side = SideOf(from);
        if (side.Held.Length == 0 || _isGivenUp || side.IsLost)
            return;
        var read = ReadRecords(from, side.Held.Span, at);
        if (_isGivenUp || side.IsLost)
            return;
        if (read == side.Held.Length)
            side.Held.Clear(_memory);
        else if (read > 0)
            side.Held.RemoveFirst(read);
    }

    /// <summary>Reads whole records; how many bytes they were.</summary>
    private int ReadRecords(Side from, ReadOnlySpan<byte> bytes, long at)
    {
        var read = 0;
        while (!_isGivenUp && !SideOf(from).IsLost && bytes.Length - read >= HeaderBytes)
        {
            var header = bytes.Slice(read, HeaderBytes);
            int length = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
            if (header[0] is < ChangeCipherSpec or > 24 || header[1] != 3 || length > TlsReader.LongestRecord)
            {
                GiveUp(Happening.TlsUndecryptable);
                return bytes.Length;
            }
            if (bytes.Length - read < HeaderBytes + length || MustWait(from, header[0]))
                return read;
            ReadRecord(from, header, bytes.Slice(read + HeaderBytes, length), at);
            read += HeaderBytes + length;
        }
        return read;
    }

    /// <summary>What a side sends encrypted can't be read before the server's hello has been, which may come later in the capture.</summary>
    private bool MustWait(Side from, int kind) => from == Side.Client
        ? _suite is null && kind is DataRecord or ChangeCipherSpec && _serverHello is null
        : _clientHello is null;

    private void ReadRecord(Side from, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, long at)
    {
        var side = SideOf(from);
        int kind = header[0];
        if (kind == ChangeCipherSpec)
        {
            BeginTls12(from);
            return;
        }
        if (side.Cipher is not { } cipher)
        {
            if (kind == HandshakeRecord)
                TakeHandshake(from, body);
            return;
        }
        var room = ArrayPool<byte>.Shared.Rent(body.Length);
        var length = cipher.Decrypt(header, body, room);
        if (length < 0)
            MeetUndecryptable(from, body.Length);
        else
            TakePlain(from, kind, room.AsSpan(0, length), at);
        ArrayPool<byte>.Shared.Return(room);
    }

    private void TakePlain(Side from, int kind, ReadOnlySpan<byte> plain, long at)
    {
        if (_serverHello is { IsTls13: true })
        {
            // What kind it really is stands behind it, and zeros behind that.
            var length = plain.LastIndexOfAnyExcept((byte)0);
            if (length < 0)
                return;
            kind = plain[length];
            plain = plain[..length];
        }
        if (kind == DataRecord)
            TakeData(from, plain, at);
        else if (kind == HandshakeRecord && _serverHello is { IsTls13: true })
            TakeHandshake(from, plain);
    }

    private void TakeData(Side from, ReadOnlySpan<byte> data, long at)
    {
        if (!_isDecrypted)
            _accounts.Count(Happening.TlsDecrypted);
        _isDecrypted = true;
        if (!data.IsEmpty)
            _inner.Take(from, data, at);
    }

    /// <summary>Before the client's handshake is over this is data that it sent ahead; later it is a contradiction.</summary>
    private void MeetUndecryptable(Side from, int bytes)
    {
        _accounts.Count(Happening.PassedOverBytes, bytes);
        var side = SideOf(from);
        if (from == Side.Client && side.TrafficSecret is not null && side.Secret != side.TrafficSecret)
            return;
        GiveUp(Happening.TlsUndecryptable);
    }

    private void TakeHandshake(Side from, ReadOnlySpan<byte> bytes)
    {
        var side = SideOf(from);
        if (!side.Handshake.TryTake(bytes))
        {
            GiveUp(Happening.TlsUndecryptable);
            return;
        }
        while (!_isGivenUp && side.Handshake.TryNext(out var kind, out var hello))
        {
            if (kind == HandshakeMessages.ClientHello && from == Side.Client)
                TakeClientHello(hello);
            else if (kind == HandshakeMessages.ServerHello && from == Side.Server)
                TakeServerHello(hello);
            else if (kind == HandshakeMessages.Finished && side.TrafficSecret is { } traffic && side.Secret != traffic)
                side.Change(_suite!, traffic);
            else if (kind == HandshakeMessages.KeyUpdate && side.Secret is { } secret)
                side.Change(_suite!, TlsKeys.Next(_suite!, secret));
        }
    }

    private void TakeClientHello(ReadOnlySpan<byte> message)
    {
        _clientHello = ClientHello.Read(message);
        _secrets = _clientHello is { } hello ? _reader.Keys.Find(hello.Random) : null;
        if (_secrets is null)
            GiveUp(_clientHello is null ? Happening.TlsUndecryptable : Happening.TlsWithoutKeys);
    }

    private void TakeServerHello(ReadOnlySpan<byte> message)
    {
        var hello = ServerHello.Read(message);
        if (hello is { IsRetry: true })
            return;
        (_serverHello, _suite) = (hello, hello is { Suite: var number } ? CipherSuite.Of(number) : null);
        if (_suite is null)
            GiveUp(Happening.TlsUndecryptable);
        else if (hello is { IsTls13: true })
            BeginTls13(_suite);
    }

    private void BeginTls13(CipherSuite suite)
    {
        if (_secrets is not { ClientHandshake: { } client, ServerHandshake: { } server, ClientTraffic: { } clientTraffic, ServerTraffic: { } serverTraffic })
        {
            GiveUp(Happening.TlsWithoutKeys);
            return;
        }
        (_client.TrafficSecret, _server.TrafficSecret) = (clientTraffic, serverTraffic);
        if (!Fits(suite, client, server, clientTraffic, serverTraffic))
        {
            GiveUp(Happening.TlsUndecryptable);
            return;
        }
        _client.Change(suite, client);
        _server.Change(suite, server);
    }

    /// <summary>Secrets are as long as the suite's hash; others are of another connection, or made up.</summary>
    private static bool Fits(CipherSuite suite, params ReadOnlySpan<byte[]> secrets)
    {
        foreach (var secret in secrets)
        {
            if (secret.Length != (suite.Hash == System.Security.Cryptography.HashAlgorithmName.SHA384 ? 48 : 32))
                return false;
        }
        return true;
    }

    /// <summary>In TLS 1.2 a side's records are encrypted after this; in TLS 1.3 it means nothing.</summary>
    private void BeginTls12(Side from)
    {
        if (_serverHello is not { IsTls13: false } hello || _suite is not { } suite || _clientHello is not { } clientHello)
            return;
        if (_secrets?.Master is not { } master)
        {
            GiveUp(Happening.TlsWithoutKeys);
            return;
        }
        var side = SideOf(from);
        if (side.Cipher is not null)
        {
            // Another handshake within the first: its randoms are encrypted.
            GiveUp(Happening.TlsUndecryptable);
            return;
        }
        var keys = TlsKeys.OfMaster(suite, master, clientHello.Random, hello.Random);
        side.Cipher = new RecordCipher(suite, from == Side.Client ? keys.Client : keys.Server, isTls13: false, hello.EncryptThenMac);
    }

    private void Lose(Side from)
    {
        var side = SideOf(from);
        if (side.IsLost)
            return;
        side.IsLost = true;
        _accounts.Count(Happening.TlsUndecryptable);
        _accounts.Count(Happening.PassedOverBytes, side.Held.Length);
        side.Close();
        // Without both hellos nothing of the other side can be read either.
        _isGivenUp |= _suite is null;
    }

    private void GiveUp(Happening why)
    {
        _isGivenUp = true;
        _accounts.Count(why);
        _accounts.Count(Happening.PassedOverBytes, _client.Held.Length + _server.Held.Length);
    }
}
