using System.Net.Sockets;

namespace Pressure.Faults;

/// <summary>A connection that goes through a relay: two sockets, a pump each way.</summary>
public sealed class RelayedConnection : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly FlowPump _asking;
    private readonly FlowPump _answering;

    /// <summary>Joins two sockets.</summary>
    /// <param name="client">Whose connection it is.</param>
    /// <param name="server">Where it goes.</param>
    /// <param name="asking">What is done to the bytes of the client.</param>
    /// <param name="answering">What is done to those of the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="seed">Of jitter's dice.</param>
    public RelayedConnection(Socket client, Socket server, FlowState asking, FlowState answering, TimeProvider time, int seed)
    {
        (_client, _server) = (client, server);
        (client.NoDelay, server.NoDelay) = (true, true);
        _asking = new(client, server, asking, time, new Random(seed));
        _answering = new(server, client, answering, time, new Random(~seed));
    }

    /// <summary>Carries both ways until both ends have ended.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(_asking.RunAsync(stop), _answering.RunAsync(stop));
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Whether bytes are on their way.</summary>
    public bool IsBusy => _asking.IsBusy || _answering.IsBusy;

    /// <summary>Resets it at both ends.</summary>
    public void Reset()
    {
        FlowPump.Reset(_client);
        FlowPump.Reset(_server);
    }

    /// <summary>Closes it at both ends, as a program does that has said everything.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }
}
