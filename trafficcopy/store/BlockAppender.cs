using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pressure.Record;

namespace Pressure.TrafficCopy;

/// <summary>Appends closed blocks to the file on a thread of its own, so that whoever captures waits for no disk as long as a few blocks are free.</summary>
internal sealed class BlockAppender : IDisposable
{
    private const int MostWaiting = 8;

    private readonly object _gate = new();
    private readonly Queue<PendingBlock> _waiting = new();
    private readonly Stack<PendingBlock> _free = new();
    private readonly List<IndexEntry> _index = [];
    private readonly List<byte[]> _lastBits = [];
    private readonly SafeFileHandle _file;
    private readonly bool _pack;
    private readonly Thread _thread;
    private byte[] _gathered = new byte[StoreFormat.BlockSize];
    private byte[] _record = new byte[LogFormat.HeaderLength + BlockRecord.Bound(StoreFormat.BlockSize)];
    private long _end;
    private bool _isWriting;
    private bool _syncWanted;
    private bool _isEnding;
    private Exception? _failure;

    /// <summary>Begins to append behind what is in the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="pack">Whether blocks are compressed.</param>
    /// <param name="before">The blocks that are in it.</param>
    public BlockAppender(SafeFileHandle file, long end, bool pack, IEnumerable<IndexEntry> before)
    {
        (_file, _end, _pack) = (file, end, pack);
        _index.AddRange(before);
        _lastBits.AddRange(_index.Select(e => e.LastBits));
        _thread = new Thread(Work) { IsBackground = true, Name = "capture writer" };
        _thread.Start();
    }

    /// <summary>What went wrong, if anything; nothing is written from then on.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>A block to be filled.</summary>
    public PendingBlock Rent()
    {
        lock (_gate)
            return _free.TryPop(out var free) ? free : new PendingBlock();
    }

    /// <summary>Closes a block and hands it over; waits while too many are waiting.</summary>
    public void Submit(PendingBlock block)
    {
        lock (_gate)
        {
            while (_waiting.Count >= MostWaiting && _failure is null)
                Monitor.Wait(_gate);
            _lastBits.Add(block.Close(_lastBits.Count));
            _waiting.Enqueue(block);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Wants what was handed over to survive a power cut, soon.</summary>
    public void WantSync()
    {
        lock (_gate)
        {
            _syncWanted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until everything is in the file.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            while ((_waiting.Count > 0 || _isWriting) && _failure is null)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>Where the file ends. After <see cref="Drain"/>.</summary>
    public long Length => _end;

    /// <summary>A connection's latest exchange was its last.</summary>
    public void MarkLast(int block, int place)
    {
        lock (_gate)
            _lastBits[block][place >> 3] |= (byte)(1 << (place & 7));
    }

    /// <summary>It was not: the connection goes on.</summary>
    public void UnmarkLast(int block, int place)
    {
        lock (_gate)
            _lastBits[block][place >> 3] &= (byte)~(1 << (place & 7));
    }

    /// <summary>Appends the index, a last record and the end, and makes all of it survive a power cut. After <see cref="Drain"/>.</summary>
    public void End(byte[] summary)
    {
        var index = _end;
        var payload = new ArrayBufferWriter<byte>();
        for (var entries = CollectionsMarshal.AsSpan(_index); !entries.IsEmpty; payload.ResetWrittenCount())
        {
            entries = entries[CaptureIndex.Write(entries, payload)..];
            AppendRecord(payload.WrittenSpan);
        }

        AppendRecord(summary);
        Append(StoreFormat.End(index));
        RandomAccess.FlushToDisk(_file);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private void Work()
    {
        try
        {
            while (Next(out var block))
            {
                if (block is null)
                    RandomAccess.FlushToDisk(_file);
                else
                    Write(block);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(e);
        }
    }

    /// <summary>The next block, or none for a sync; false when it is over.</summary>
    private bool Next(out PendingBlock? block)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_syncWanted && !_isEnding)
                Monitor.Wait(_gate);
            if (_waiting.TryDequeue(out block))
            {
                _isWriting = true;
                return true;
            }

            (var wanted, _syncWanted) = (_syncWanted, false);
            return wanted;
        }
    }

    private void Write(PendingBlock block)
    {
        if (_gathered.Length < block.Length)
            _gathered = new byte[block.Length];
        var gathered = block.Gather(_gathered);
        var bound = LogFormat.HeaderLength + BlockRecord.Bound(block.Length);
        if (_record.Length < bound)
            _record = new byte[bound];
        var length = BlockRecord.Write(gathered, _gathered.AsSpan(0, gathered.Length), _pack, _record.AsSpan(LogFormat.HeaderLength));
        var at = _end;
        LogFormat.WriteHeader(_record, _record.AsSpan(LogFormat.HeaderLength, length));
        Append(_record.AsSpan(0, LogFormat.HeaderLength + length));
        lock (_gate)
        {
            _index.Add(new(at, length, gathered.Exchanges, gathered.FirstKey, gathered.LastKey, _lastBits[_index.Count]));
            block.Clear();
            _free.Push(block);
            _isWriting = false;
            Monitor.PulseAll(_gate);
        }
    }

    private void AppendRecord(ReadOnlySpan<byte> payload)
    {
        var record = new byte[LogFormat.HeaderLength + payload.Length];
        LogFormat.WriteHeader(record, payload);
        payload.CopyTo(record.AsSpan(LogFormat.HeaderLength));
        Append(record);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, _end);
        }
        catch (IOException)
        {
            // A part of it may be there; readers would cut it anyway, but a tidy end is told apart from a crash.
            RandomAccess.SetLength(_file, _end);
            throw;
        }

        _end += bytes.Length;
    }

    private void Fail(Exception e)
    {
        lock (_gate)
        {
            _failure = e;
            _isWriting = false;
            Monitor.PulseAll(_gate);
        }
    }
}
