using System.Net;

namespace Pressure.LoadGen.Engine;

/// <summary>What one lane has open to one origin, and what waits for it.</summary>
internal sealed class OriginPool(Origin origin, int index, IReadOnlyList<TimeSpan> limits)
{
    private IReadOnlyList<IPEndPoint> _addresses = [];
    private SocketAddress[] _encoded = [];
    private bool[] _down = [];
    private int _next = index;

    /// <summary>What it is reached by.</summary>
    public Origin Origin => origin;

    /// <summary>What a TLS handshake may go on from.</summary>
    public TlsTicket Ticket { get; } = new();

    /// <summary>Open connections without a request.</summary>
    public LinkedQueue<Connection> Idle { get; } = new();

    /// <summary>Requests that wait for a connection.</summary>
    public TimedLine Waiting { get; } = new(limits);

    /// <summary>Connections open or being opened.</summary>
    public int Open { get; set; }

    /// <summary>Whether the name is still being resolved.</summary>
    public bool IsResolving => origin.Addresses is null;

    /// <summary>How many addresses there are; none when the name did not resolve.</summary>
    public int AddressCount
    {
        get
        {
            Refresh();
            return _addresses.Count;
        }
    }

    /// <summary>Position of the address that the next connection should begin with: in turn, without those that are down.</summary>
    public int NextAddress()
    {
        Refresh();
        for (var i = 0; i < _down.Length; i++)
        {
            _next = (_next + 1) % _down.Length;
            if (!_down[_next])
                return _next;
        }

        Array.Clear(_down);
        return _next;
    }

    /// <summary>An address in the kernel's form.</summary>
    public SocketAddress Address(int index) => _encoded[index];

    /// <summary>Tells how connecting to an address came out, so that a dead one is left aside while others live.</summary>
    public void Mark(int index, bool down) => _down[index] = down;

    private void Refresh()
    {
        if (origin.Addresses is not { } addresses || ReferenceEquals(addresses, _addresses))
            return;
        _addresses = addresses;
        _encoded = [.. addresses.Select(a => a.Serialize())];
        _down = new bool[addresses.Count];
    }
}
