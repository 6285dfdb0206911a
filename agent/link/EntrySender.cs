using System.Buffers;
using System.Buffers.Text;

namespace Pressure.Agent;

/// <summary>
/// Sends a ring's entries over one connection, in order, a bounded number of frames ahead of what the centre has acknowledged. Behind a cut frames are as
/// full as they may be; when all is sent, a frame waits a moment for company.
/// </summary>
internal sealed class EntrySender(EntryRing ring, FrameSocket socket, long wanted, TimeProvider time) : IDisposable
{
    /// <summary>Frames that may be without an acknowledgement.</summary>
    public const int Window = 8;

    private const int RoomForItems = FrameCodec.MaxBytes - 512;

    // Collections come in bursts; and a centre of fifty thousand agents wants few frames.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Queue<(long Next, long SentAt)> _unacked = [];
    private readonly SemaphoreSlim _room = new(Window);
    private readonly ArrayBufferWriter<byte> _items = new(4096);
    private long _acked = wanted;

    /// <summary>How long the oldest frame has waited for its acknowledgement; zero if none waits.</summary>
    public TimeSpan Waiting
    {
        get
        {
            lock (_gate)
                return _unacked.TryPeek(out var oldest) ? time.GetElapsedTime(oldest.SentAt) : TimeSpan.Zero;
        }
    }

    /// <summary>Sends until told to stop; a frame that is on its way is sent whole, unless the connection is broken.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken broken)
    {
        var next = _acked;
        while (true)
        {
            await ring.WaitForAsync(next, stop);
            await _room.WaitAsync(stop);
            _items.ResetWrittenCount();
            var batch = ring.Read(next, RoomForItems, _items);
            next = batch.First + batch.Count;
            if (batch.Count == 0)
            {
                _room.Release();
                continue;
            }
            lock (_gate)
                _unacked.Enqueue((next, time.GetTimestamp()));
            await socket.SendAsync(to => Write(batch.First, _items.WrittenSpan, to), broken);
            if (next >= ring.Next)
                await Task.Delay(Linger, time, stop);
        }
    }

    /// <summary>The centre has everything below a number.</summary>
    /// <exception cref="InvalidDataException">It was never sent.</exception>
    public void Acked(long next)
    {
        lock (_gate)
        {
            if (next > (_unacked.Count > 0 ? _unacked.Last().Next : _acked))
                throw new InvalidDataException($"The centre acknowledges entries below {next}, which were not sent.");
            _acked = Math.Max(_acked, next);
            while (_unacked.TryPeek(out var oldest) && oldest.Next <= next)
            {
                _unacked.Dequeue();
                _room.Release();
            }
        }
        ring.Ack(next);
    }

    public void Dispose() => _room.Dispose();

    // The ring holds entries as they go over the wire, so they are not read and written again.
    private static void Write(long first, ReadOnlySpan<byte> items, IBufferWriter<byte> to)
    {
        to.Write("""{"frame":"entries","first":"""u8);
        var digits = to.GetSpan(20);
        Utf8Formatter.TryFormat(first, digits, out var length);
        to.Advance(length);
        to.Write(""","items":["""u8);
        to.Write(items);
        to.Write("]}"u8);
    }
}
