using System.Net.Sockets;

namespace Pressure.LoadGen.Engine;

/// <summary>Where a connection stands.</summary>
internal enum ConnectionPhase
{
    /// <summary>Not in use.</summary>
    Closed,

    /// <summary>Its name is being resolved.</summary>
    Resolving,

    /// <summary>Connecting.</summary>
    Connecting,

    /// <summary>Connected, in the TLS handshake.</summary>
    Securing,

    /// <summary>Carries a request.</summary>
    Busy,

    /// <summary>Open, kept for the next request.</summary>
    Idle,
}

/// <summary>
/// One place for a connection, used over and over. Stands in one queue at a time: connecting, idle, or with bytes left to read.
/// </summary>
internal sealed class Connection(int slot) : Linked<Connection>
{
    private uint _generation;
    private RespReplies? _replies;

    /// <summary>Where it stands.</summary>
    public ConnectionPhase Phase { get; set; }

    /// <summary>The socket, which owns <see cref="Descriptor"/>; null while closed or resolving.</summary>
    public Socket? Socket
    {
        get;
        set
        {
            field = value;
            Descriptor = value is null ? -1 : (int)value.SafeHandle.DangerousGetHandle();
        }
    }

    /// <summary>The socket's descriptor; -1 while there is none.</summary>
    public int Descriptor { get; private set; } = -1;

    /// <summary>TLS over the socket; null where there is none.</summary>
    public TlsSession? Tls { get; set; }

    /// <summary>What it connects to.</summary>
    public OriginPool Pool { get; private set; } = null!;

    /// <summary>When connecting began.</summary>
    public TimeSpan OpenedAt { get; private set; }

    /// <summary>Since when it has had no request; told only where that time has a limit.</summary>
    public TimeSpan IdleSince { get; set; }

    /// <summary>Addresses tried so far, and the one that is being tried.</summary>
    public (int Tried, int Current) Address { get; set; }

    /// <summary>The only client whose requests it may carry, in a replay; null otherwise.</summary>
    public ReplayClient? Owner { get; private set; }

    /// <summary>Bytes that the current turn over raw TCP awaits; negative for HTTP.</summary>
    public int Awaited { get; set; } = -1;

    /// <summary>Whether it carries, or has last carried, raw TCP.</summary>
    public bool IsRaw => Awaited >= 0;

    /// <summary>Bytes of the current turn over raw TCP that have come.</summary>
    public long Received { get; set; }

    /// <summary>Replies of Redis's that the current turn awaits instead; 0 where bytes are counted.</summary>
    public int AwaitedReplies { get; set; }

    /// <summary>Those that have come.</summary>
    public RespReplies Replies => _replies ??= new();

    /// <summary>When the last of them came, if more are awaited.</summary>
    public TimeSpan HeardAt { get; set; }

    /// <summary>The request that it carries, or is being opened for.</summary>
    public Iteration? Iteration { get; set; }

    /// <summary>Requests that it has carried to their end.</summary>
    public int Served { get; set; }

    /// <summary>Bytes of the current request that have gone out.</summary>
    public int Written { get; set; }

    /// <summary>Whether anything of the current response has come in.</summary>
    public bool Heard { get; set; }

    /// <summary>The peer has ended the connection; there may be bytes left to read.</summary>
    public bool PeerEnded { get; set; }

    /// <summary>Reads the current response.</summary>
    public ResponseParser Parser { get; } = new();

    /// <summary>Looks at the current response's body.</summary>
    public BodyCheck Body { get; } = new();

    /// <summary>
    /// What events of this connection carry: the place, and how often it has been used, so that a late event of an earlier
    /// connection in the same place is told apart.
    /// </summary>
    public ulong Tag => (ulong)_generation << 32 | (uint)slot;

    /// <summary>Takes the place for a new connection.</summary>
    public void Open(OriginPool pool, TimeSpan now)
    {
        (Pool, OpenedAt) = (pool, now);
        Served = 0;
        Address = (0, 0);
    }

    /// <summary>Gives it to a client of a replay.</summary>
    public void Belong(ReplayClient client) => (Owner, client.Connection) = (client, this);

    /// <summary>Readies it for a request.</summary>
    public void Take(Iteration iteration)
    {
        Iteration = iteration;
        iteration.Connection = this;
    }

    /// <summary>Reads what has come; 0 with <see cref="SocketError.Success"/>: the peer has ended its side.</summary>
    public int Receive(Span<byte> buffer, out SocketError error) =>
        Tls is null ? Libc.Receive(Descriptor, buffer, out error) : Tls.Receive(buffer, out error);

    /// <summary>Writes what can be taken now.</summary>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error) =>
        Tls is null ? Libc.Send(Descriptor, bytes, out error) : Tls.Send(bytes, out error);

    /// <summary>Closes the socket; the place stays taken.</summary>
    public void CloseSocket()
    {
        _generation++;
        PeerEnded = false;
        Tls?.Dispose();
        Tls = null;
        Socket?.Dispose();
        Socket = null;
    }

    /// <summary>Closes the socket and frees the place.</summary>
    public void Close()
    {
        CloseSocket();
        Unlink();
        Body.Release();
        Phase = ConnectionPhase.Closed;
        Iteration = null;
        var owner = Owner;
        (Owner, Awaited) = (null, -1);
        owner?.Lose();
    }
}
