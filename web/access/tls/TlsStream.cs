using System.Buffers;
using System.Net.Sockets;

namespace Pressure.Web.Access;

/// <summary>
/// TLS over a socket by the system's OpenSSL. It reads from the socket's descriptor itself, and has no buffer while nothing comes; what it writes is
/// collected and sent by the socket. One reader and one writer at a time; disposing it ends both.
/// </summary>
internal sealed class TlsStream : Stream
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private nint _ssl;
    private nint _output;
    private bool _sending;

    /// <exception cref="IOException">There is no memory for it.</exception>
    private TlsStream(nint context, Socket socket)
    {
        _socket = socket;
        // OpenSSL reads without waiting.
        socket.Blocking = false;
        _ssl = OpenSslServer.NewConnection(context, (int)socket.Handle, out _output);
        if (_ssl == 0)
            throw new IOException("OpenSSL has no memory for another connection.");
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The server's side of the handshake.</summary>
    /// <exception cref="IOException">The client speaks no TLS that we do, or went away.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<TlsStream> AcceptAsync(nint context, Socket socket, CancellationToken stop)
    {
        var tls = new TlsStream(context, socket);
        try
        {
            while (true)
            {
                var done = tls.Handshake();
                await tls.SendPendingAsync(stop);
                if (done is not { } whole)
                    throw new IOException("The TLS handshake failed.");
                if (whole)
                {
                    tls.ForgetHandshake();
                    return tls;
                }
                await tls.ReadableAsync(stop);
            }
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (Decrypt(buffer.Span, out var owesAnswer) is { } read)
                return read;
            if (owesAnswer)
                await SendPendingAsync(cancellationToken);
            await ReadableAsync(cancellationToken);
            if (buffer.IsEmpty)
                return 0;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return;
        Encrypt(buffer.Span);
        await SendPendingAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_ssl != 0)
                OpenSslServer.Free(_ssl);
            _ssl = _output = 0;
            _socket.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>True when it is through, false when it waits for the client, null when it failed.</summary>
    private bool? Handshake()
    {
        lock (_gate)
        {
            Begin();
            var result = OpenSslServer.Handshake(_ssl);
            return result == 1 ? true : OpenSslServer.ErrorOf(_ssl, result) == OpenSslServer.WantRead ? false : null;
        }
    }

    /// <summary>The buffer of what is to be sent has grown to the size of the certificates: another one takes its place.</summary>
    private void ForgetHandshake()
    {
        lock (_gate)
        {
            Begin();
            if (OpenSslServer.Pending(_output) == 0)
                _output = OpenSslServer.RenewOutput(_ssl);
        }
    }

    /// <summary>Bytes decrypted, 0 at the end, null while there are none.</summary>
    private unsafe int? Decrypt(Span<byte> to, out bool owesAnswer)
    {
        lock (_gate)
        {
            owesAnswer = false;
            Begin();
            if (to.IsEmpty)
                return OpenSslServer.HasPending(_ssl) == 1 ? 0 : null;
            fixed (byte* first = to)
            {
                var read = OpenSslServer.Read(_ssl, first, to.Length);
                if (read > 0)
                    return read;
                // Some messages of TLS itself want an answer.
                owesAnswer = OpenSslServer.Pending(_output) > 0;
                return OpenSslServer.ErrorOf(_ssl, read) switch
                {
                    OpenSslServer.WantRead => null,
                    OpenSslServer.ZeroReturn => 0,
                    _ => throw new IOException("The TLS connection broke."),
                };
            }
        }
    }

    private unsafe void Encrypt(ReadOnlySpan<byte> from)
    {
        lock (_gate)
        {
            Begin();
            fixed (byte* first = from)
            {
                // The buffer behind it takes everything.
                if (OpenSslServer.Write(_ssl, first, from.Length) != from.Length)
                    throw new IOException("The TLS connection can't be written.");
            }
        }
    }

    /// <summary>Sends what OpenSSL has written; whoever is at it already sends it all.</summary>
    private async ValueTask SendPendingAsync(CancellationToken stop)
    {
        lock (_gate)
        {
            if (_sending)
                return;
            _sending = true;
        }
        try
        {
            while (Take() is { } pending)
            {
                try
                {
                    for (var rest = pending.AsMemory(0, pending.Count); rest.Length > 0;)
                        rest = rest[await _socket.SendAsync(rest, SocketFlags.None, stop).ConfigureAwait(false)..];
                }
                catch (SocketException e)
                {
                    throw new IOException("The connection broke.", e);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(pending.Array!);
                }
            }
        }
        catch
        {
            lock (_gate)
                _sending = false;
            throw;
        }
    }

    /// <summary>What waits to be sent; null, and nobody sends any more, when there is nothing.</summary>
    private unsafe ArraySegment<byte>? Take()
    {
        lock (_gate)
        {
            Begin();
            var length = OpenSslServer.Pending(_output);
            if (length == 0)
            {
                _sending = false;
                return null;
            }
            var bytes = ArrayPool<byte>.Shared.Rent(length);
            fixed (byte* first = bytes)
                return new ArraySegment<byte>(bytes, 0, OpenSslServer.Take(_output, first, length));
        }
    }

    /// <summary>Waits, without a buffer, until something comes.</summary>
    private async ValueTask ReadableAsync(CancellationToken stop)
    {
        try
        {
            await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, stop);
        }
        catch (SocketException e)
        {
            throw new IOException("The connection broke.", e);
        }
    }

    private void Begin()
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        OpenSslServer.ClearErrors();
    }
}
