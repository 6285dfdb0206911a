using System.Net.Sockets;

namespace Pressure.Faults;

/// <summary>A connection that goes through a relay: two sockets, a pump each way.</summary>
public sealed class RelayedConnection : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly FlowPump _asking;
    private readonly FlowPump _answering;
    private readonly CancellationTokenSource _closed = new();

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

    /// <summary>Carries both ways until both ends have ended, or it is closed or stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _closed.Token);
        try
        {
            await Task.WhenAll(_asking.RunAsync(either.Token), _answering.RunAsync(either.Token));
        }
        finally
        {
            // An end in order would say that everything has been said.
            if (IsBusy)
                Reset();
            Dispose();
        }
    }

    /// <summary>Closes it at both ends, as a program does that has said everything.</summary>
    public void Close()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended just now.
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _closed.Dispose();
    }
}
