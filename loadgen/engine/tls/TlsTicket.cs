namespace Pressure.LoadGen.Engine;

/// <summary>The newest session that a server has let us keep: the next handshake with it is offered to go on from there.</summary>
internal sealed class TlsTicket : IDisposable
{
    private nint _session;

    /// <summary>Takes over what the connection has been given.</summary>
    public void Renew(TlsSession connection)
    {
        var session = connection.TakeSession();
        if (session == 0)
            return;
        Dispose();
        _session = session;
    }

    /// <summary>Offers it in a handshake that has not begun.</summary>
    public void Offer(nint ssl)
    {
        if (_session != 0)
            _ = OpenSsl.SetSession(ssl, _session);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_session != 0)
            OpenSsl.FreeSession(_session);
        _session = 0;
    }
}
