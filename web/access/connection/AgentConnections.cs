using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Pressure.Web.Access;

/// <summary>
/// What a connection to the agents' port passes, from the socket inwards:
/// <code>
/// socket ─▶ gate (a place for the handshake) ─▶ TLS ─▶ GET /agent? ─▶ WebSocket, agent's frames
///                                                          └────────▶ HTTP: enrolment, downloads
/// </code>
/// A connection that became an agent's has nothing of the HTTP server any more.
/// </summary>
internal sealed class AgentConnections(AgentDoor door, AccessLimits limits, TimeProvider time) : IDisposable
{
    private static readonly object PlaceKey = new();

    private readonly HandshakeGate _gate = new(limits.Handshakes);
    private readonly SemaphoreSlim _requests = new(limits.Requests);

    /// <summary>Before TLS.</summary>
    public async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        // Whoever sends nothing takes no place.
        using (var first = new CancellationTokenSource(limits.HandshakeTime, time))
        {
            try
            {
                var read = await connection.Transport.Input.ReadAsync(first.Token);
                connection.Transport.Input.AdvanceTo(read.Buffer.Start);
                if (read.IsCompleted && read.Buffer.IsEmpty)
                    return;
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                return;
            }
        }
        using var place = await _gate.EnterAsync(connection.ConnectionClosed);
        using var limit = new CancellationTokenSource(limits.HandshakeTime, time);
        await using var registration = limit.Token.Register(() => connection.Abort());
        connection.Items[PlaceKey] = new Handshake(place, limit);
        await next(connection);
    }

    /// <summary>Behind TLS.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var handshake = (Handshake)connection.Items[PlaceKey]!;
        connection.Items.Clear();
        var input = connection.Transport.Input;
        try
        {
            if (!await IsAgentAsync(input, handshake.Limit.Token))
            {
                await RequestAsync(connection, next, handshake);
                return;
            }
            connection.Transport.Output.Write(await UpgradeAsync(input, handshake.Limit.Token));
            await connection.Transport.Output.FlushAsync(handshake.Limit.Token);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(connection.Transport.Output, e.Message);
            return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return;
        }
        await door.ServeAsync(input, connection.Transport.Output, handshake.End, () => connection.Abort(), handshake.Limit.Token);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _requests.Dispose();
    }

    private async Task RequestAsync(ConnectionContext connection, ConnectionDelegate next, Handshake handshake)
    {
        handshake.End();
        if (!await _requests.WaitAsync(TimeSpan.Zero))
            return;
        try
        {
            await next(connection);
        }
        finally
        {
            _requests.Release();
        }
    }

    private static async Task<bool> IsAgentAsync(PipeReader input, CancellationToken stop)
    {
        while (true)
        {
            var read = await input.ReadAsync(stop);
            var begins = UpgradeRequest.Begins(read.Buffer);
            if (begins is not null || read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start);
                return begins == true;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<byte[]> UpgradeAsync(PipeReader input, CancellationToken stop)
    {
        while (true)
        {
            var read = await input.ReadAsync(stop);
            var bytes = read.Buffer;
            if (UpgradeRequest.Answer(ref bytes) is { } answer)
            {
                input.AdvanceTo(bytes.Start);
                return answer;
            }
            input.AdvanceTo(bytes.Start, bytes.End);
            if (read.IsCompleted)
                throw new IOException("It ended within the head.");
        }
    }

    private static async Task RefuseAsync(PipeWriter output, string why)
    {
        output.Write(System.Text.Encoding.UTF8.GetBytes(
            $"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {System.Text.Encoding.UTF8.GetByteCount(why)}\r\n\r\n{why}"));
        await output.FlushAsync();
    }

    private sealed class Handshake(HandshakeGate.Place place, CancellationTokenSource limit)
    {
        public CancellationTokenSource Limit => limit;

        /// <summary>It is over: the place goes to the next one, and time is no matter any more.</summary>
        public void End()
        {
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            place.Dispose();
        }
    }
}
