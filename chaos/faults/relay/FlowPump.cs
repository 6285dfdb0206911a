using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Pressure.Faults;

/// <summary>
/// Carries the bytes of one direction of a connection from one socket to another, when the flow lets them: all of them, in order, the end and a reset too.
/// </summary>
/// <remarks>
/// <code>
/// from ──▶ read ──▶ waiting (1 MiB at the most, then reading pauses) ──▶ due? ──▶ write ──▶ to
/// </code>
/// When the flow changes, what waits is looked at again: a delay that ends lets everything go at once.
/// </remarks>
/// <param name="from">Where bytes come from.</param>
/// <param name="to">Where they go.</param>
/// <param name="flow">What is done to them.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Jitter's dice; its own, not shared with other threads.</param>
public sealed class FlowPump(Socket from, Socket to, FlowState flow, TimeProvider time, Random random)
{
    private const int Most = 1024 * 1024, Piece = 64 * 1024;

    private readonly Channel<Chunk> _waiting = Channel.CreateUnbounded<Chunk>(new() { SingleReader = true, SingleWriter = true });
    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _bytes;
    private long _free;

    /// <summary>Whether it has bytes that have not gone yet.</summary>
    public bool IsBusy => Volatile.Read(ref _bytes) > 0;

    /// <summary>Carries until the end, a reset, or until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = ReadAsync(broken.Token);
        try
        {
            await WriteAsync(broken.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever stops it closes the sockets.
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody takes the bytes any more: whoever sends them is told.
            Reset(from);
        }
        finally
        {
            await broken.CancelAsync();
            await reading;
        }
    }

    /// <summary>Closes a connection so that the other end is told of it as a reset.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Dispose();
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            int count;
            do
            {
                count = await from.ReceiveAsync(buffer.AsMemory(0, Piece), stop);
                Offer(buffer.AsSpan(0, count), isReset: false);
                while (Volatile.Read(ref _bytes) >= Most)
                    await _room.Reader.ReadAsync(stop);
            }
            while (count > 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Offer([], isReset: true);
        }
        catch (OperationCanceledException)
        {
            // Nobody writes any more.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _waiting.Writer.Complete();
        }
    }

    private void Offer(ReadOnlySpan<byte> bytes, bool isReset)
    {
        var kept = bytes.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(kept);
        Interlocked.Add(ref _bytes, bytes.Length);
        _waiting.Writer.TryWrite(new(kept, bytes.Length, time.GetTimestamp(), random.NextDouble() * 2 - 1, isReset));
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        await foreach (var chunk in _waiting.Reader.ReadAllAsync(stop))
        {
            if (chunk.Count > 0)
            {
                await SendAsync(chunk, stop);
                continue;
            }
            await UntilDueAsync(chunk, 0, stop);
            if (chunk.IsReset)
                Reset(to);
            else
                to.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task SendAsync(Chunk chunk, CancellationToken stop)
    {
        for (var sent = 0; sent < chunk.Count;)
        {
            var piece = Math.Min(chunk.Count - sent, PieceAt(flow.Now.Flow.BitRate));
            await UntilDueAsync(chunk, piece, stop);
            for (var end = sent + piece; sent < end;)
                sent += await to.SendAsync(chunk.Bytes.AsMemory(sent, end - sent), stop);
        }
        ArrayPool<byte>.Shared.Return(chunk.Bytes);
        Interlocked.Add(ref _bytes, -chunk.Count);
        _room.Writer.TryWrite(true);
    }

    private async Task UntilDueAsync(Chunk chunk, int piece, CancellationToken stop)
    {
        while (true)
        {
            var (now, changed) = flow.Now;
            var due = DueAt(chunk, piece, now);
            var wait = time.GetElapsedTime(time.GetTimestamp(), due);
            if (!now.Held && wait <= TimeSpan.Zero)
            {
                _free = due;
                return;
            }
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(changed, Task.Delay(now.Held ? Timeout.InfiniteTimeSpan : RoundUp(wait), time, enough.Token));
            await enough.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A fiftieth of a second's worth at a time, so that a narrow wire drips instead of gushing.</summary>
    private static int PieceAt(long? rate) => rate is null ? Piece : (int)Math.Clamp(rate.Value / 8 / 50, 256, Piece);

    /// <summary>When the last byte of a piece has arrived at the other end, on the clock's own scale.</summary>
    private long DueAt(Chunk chunk, int piece, Flow now)
    {
        var due = chunk.At + Ticks((now.Delay + now.Jitter * chunk.Luck) is { Ticks: > 0 } delay ? delay : TimeSpan.Zero);
        if (now.BitRate is { } rate)
            due = Math.Max(due, _free) + Ticks(TimeSpan.FromSeconds(piece * 8.0 / rate));
        return due;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>Timers know whole milliseconds; one that fires early would be asked for again.</summary>
    private static TimeSpan RoundUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private readonly record struct Chunk(byte[] Bytes, int Count, long At, double Luck, bool IsReset);
}
