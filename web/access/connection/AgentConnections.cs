using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace Pressure.Web.Access;

/// <summary>Takes a socket through the handshakes, in bounded number and time, and serves it: as an agent's connection, or by the HTTP server.</summary>
internal sealed class AgentConnections(TlsServer tls, AgentDoor door, AccessLimits limits, TimeProvider time) : IDisposable
{
    /// <summary>While nothing comes nothing is held; a sample fits one piece.</summary>
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true);

    private readonly HandshakeGate _gate = new(limits.Handshakes);

    /// <summary>Serves a connection to its end.</summary>
    /// <param name="socket">The connection; the caller disposes of it.</param>
    /// <param name="hand">Hands a connection to the HTTP server; false if that has too many.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">It broke.</exception>
    /// <exception cref="OperationCanceledException">The handshake took too long.</exception>
    public async Task ServeAsync(Socket socket, Func<HttpConnection, bool> hand, CancellationToken stop)
    {
        // What only the handshake needs must not live as long as the connection.
        var (stream, greeting, request) = await EnterAsync(socket, stop);
        await using (stream)
        {
            if (greeting is not null)
                await door.LiveAsync(greeting);
            else if (request is not null && hand(request))
                await request.Ended;
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<(Stream?, AgentDoor.Greeting?, HttpConnection?)> EnterAsync(Socket socket, CancellationToken stop)
    {
        using var timer = new CancellationTokenSource(limits.HandshakeTime, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        // Whoever sends nothing takes no place.
        await socket.ReceiveAsync(Memory<byte>.Empty, limit.Token);
        timer.CancelAfter(Timeout.InfiniteTimeSpan);
        using var place = await _gate.EnterAsync(limit.Token);
        timer.CancelAfter(limits.HandshakeTime);

        var stream = await tls.AcceptAsync(socket, limit.Token);
        try
        {
            var input = PipeReader.Create(stream, Reading);
            if (!await IsAgentAsync(input, limit.Token))
                return (stream, null, new HttpConnection(stream, input, socket.LocalEndPoint, socket.RemoteEndPoint));
            try
            {
                await stream.WriteAsync(await UpgradeAsync(input, limit.Token), limit.Token);
                return (stream, await door.GreetAsync(input, stream, limit.Token), null);
            }
            catch (InvalidDataException e)
            {
                await stream.WriteAsync(Refusal(e.Message), limit.Token);
                return (stream, null, null);
            }
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
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

    private static byte[] Refusal(string why) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(why)}\r\n\r\n{why}");
}
