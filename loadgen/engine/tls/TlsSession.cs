using System.Net.Sockets;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// TLS on one non-blocking socket: nothing here waits, nothing allocates. What a socket would tell by an error code is told by the same
/// code, so that the exchange above reads both alike.
/// </summary>
internal sealed unsafe class TlsSession(nint ssl) : IDisposable
{
    private nint _ssl = ssl;

    /// <summary>A step of the protocol has failed (certificate, alert, bad record): not the network, TLS itself.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether bytes have been read from the socket that no <see cref="Receive"/> has returned yet.</summary>
    public bool HasPending => OpenSsl.HasPending(_ssl) == 1;

    /// <summary>Goes on with the handshake: <see cref="SocketError.Success"/> when it is done, <see cref="SocketError.WouldBlock"/> while it lasts.</summary>
    public SocketError Handshake()
    {
        var result = OpenSsl.Connect(_ssl);
        if (result == 1)
            return SocketError.Success;
        var error = Explain(result);
        if (error == SocketError.WouldBlock)
            return error;
        IsBroken = true;
        return SocketError.ConnectionAborted;
    }

    /// <summary>Reads a piece; 0 with <see cref="SocketError.Success"/>: the peer has closed as TLS demands (close_notify).</summary>
    public int Receive(Span<byte> buffer, out SocketError error)
    {
        fixed (byte* start = buffer)
        {
            var count = OpenSsl.Read(_ssl, start, buffer.Length);
            error = count > 0 ? SocketError.Success : Explain(count);
            return Math.Max(count, 0);
        }
    }

    /// <summary>Writes what the socket takes.</summary>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        fixed (byte* start = bytes)
        {
            var count = OpenSsl.Write(_ssl, start, bytes.Length);
            error = count > 0 ? SocketError.Success : Explain(count);
            // A peer that has said goodbye reads no more.
            if (count <= 0 && error == SocketError.Success)
                error = SocketError.ConnectionReset;
            return Math.Max(count, 0);
        }
    }

    /// <summary>The session to go on from later, counted once more; 0 if the server has given none.</summary>
    public nint TakeSession()
    {
        var session = OpenSsl.TakeSession(_ssl);
        if (session == 0 || OpenSsl.IsResumable(session) == 1)
            return session;
        OpenSsl.FreeSession(session);
        return 0;
    }

    /// <summary>Says goodbye if that can be done at once.</summary>
    public void Dispose()
    {
        if (_ssl == 0)
            return;
        // After a failure OpenSSL forbids it; before the handshake's end it is an error of its own.
        if (!IsBroken && OpenSsl.Shutdown(_ssl) < 0)
            OpenSsl.ClearErrors();
        OpenSsl.Free(_ssl);
        _ssl = 0;
    }

    private SocketError Explain(int result)
    {
        switch (OpenSsl.ErrorOf(_ssl, result))
        {
            case OpenSsl.ErrorZeroReturn:
                return SocketError.Success;
            case OpenSsl.ErrorWantRead or OpenSsl.ErrorWantWrite:
                return SocketError.WouldBlock;
            case OpenSsl.ErrorProtocol:
                IsBroken = !OpenSsl.TakeUnexpectedEnd();
                return SocketError.ConnectionReset;
            default:
                OpenSsl.ClearErrors();
                return SocketError.ConnectionReset;
        }
    }
}
