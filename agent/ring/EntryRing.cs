using System.Buffers;
using System.Text.Json;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// An agent's entries on disk until the centre has them: a bounded row of append-only segments.
/// <code>
///   oldest segment ... segments ... last segment ◀── append
///   ▲ removed when the centre has all of it,    └── reader goes behind
///     or when room is needed (then counted)
/// </code>
/// Entries are numbered from the ring's begin on, across restarts; a number is never used twice under one <see cref="Id"/>.
/// Survives the death of the process at any moment; after a power cut the last entries may be missing, which <see cref="Agrees"/> finds out. Thread-safe.
/// </summary>
public sealed class EntryRing : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly RingOptions _options;
    private readonly RingLock _lock;
    private readonly List<RingSegment> _segments = [];
    private readonly ArrayBufferWriter<byte> _json = new(16 * 1024);
    private RingName _name;
    private readonly RingReader _reader;
    private TaskCompletionSource? _appended;
    private long _known;
    private long _acked;
    private bool _closed;

    private EntryRing(string folder, RingOptions options, RingLock held, RingName name)
    {
        _folder = folder;
        _options = options;
        _lock = held;
        _name = name;
        _acked = name.Floor;
        _reader = new RingReader(_segments);
    }

    /// <summary>Names this numbering.</summary>
    public Guid Id
    {
        get
        {
            lock (_gate)
                return _name.Id;
        }
    }

    /// <summary>Number of the oldest entry still kept.</summary>
    public long Oldest
    {
        get
        {
            lock (_gate)
                return OldestKept;
        }
    }

    /// <summary>Number that the next entry will get.</summary>
    public long Next
    {
        get
        {
            lock (_gate)
                return _segments[^1].End;
        }
    }

    /// <summary>Entries that were lost since the ring was opened: no room, a disk that failed, damage.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
                return field;
        }

        private set;
    }

    /// <summary>Bytes on disk.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _segments.Sum(s => s.Length);
        }
    }

    private long OldestKept => Math.Max(_name.Floor, _segments[0].First);

    /// <summary>Opens the ring in a folder, or begins one. A ring that can't be understood is begun anew under another <see cref="Id"/>.</summary>
    /// <param name="folder">Where it lies; made if missing.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="held">The folder's lock; the ring owns it from here on, and lets go of it when disposed.</param>
    /// <exception cref="IOException">The folder can't be read or written.</exception>
    public static EntryRing Open(string folder, RingOptions options, RingLock held)
    {
        Directory.CreateDirectory(folder);
        var name = RingName.Read(folder);
        if (name is null)
        {
            // Without its name nobody can tell which of these entries the centre has: better lost than twice.
            foreach (var (path, _) in RingSegment.Find(folder))
                File.Delete(path);
            name = new RingName(Guid.NewGuid(), 0);
            name.Write(folder);
        }
        var ring = new EntryRing(folder, options, held, name);
        ring.OpenSegments();
        return ring;
    }

    /// <summary>Appends an entry; false if it is lost, which is counted.</summary>
    public bool Append(AgentEntry entry)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _json.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(_json))
                JsonSerializer.Serialize(writer, entry, FrameJson.Default.AgentEntry);
            try
            {
                if (_json.WrittenCount > RingSegment.MaxEntry)
                    throw new IOException("The entry is longer than a frame.");
                MakeRoom(LogFormat.HeaderLength + _json.WrittenCount);
                _segments[^1].Append(_json.WrittenSpan);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Dropped++;
                return false;
            }
            _appended?.TrySetResult();
            _appended = null;
            return true;
        }
    }

    /// <summary>
    /// Writes entries from a number on as they lie on disk, JSON values with commas between, until there are no more or <paramref name="maxBytes"/>
    /// would be passed. What is no longer kept, or is damaged, is left out: the batch then begins later.
    /// </summary>
    public RingBatch Read(long from, int maxBytes, IBufferWriter<byte> to)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _reader.Seek(Math.Max(from, OldestKept));
            var damaged = _reader.Damaged;
            var (first, count, bytes) = (-1L, 0, 0);
            while (_reader.Peek() is { } payload)
            {
                if (count == 0)
                    first = _reader.Number;
                else if (_reader.Number != first + count || bytes + payload.Length >= maxBytes)
                    break;
                else
                    to.Write(","u8);
                to.Write(payload);
                bytes += payload.Length + 1;
                count++;
                _reader.Pass(payload);
            }
            Dropped += _reader.Damaged - damaged;
            _known = Math.Max(_known, first + count);
            return new RingBatch(count > 0 ? first : _reader.Number, count);
        }
    }

    /// <summary>Completes when there is an entry with this number or a later one.</summary>
    public Task WaitForAsync(long number, CancellationToken stop)
    {
        lock (_gate)
        {
            if (_segments[^1].End > number)
                return Task.CompletedTask;
            _appended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _appended.Task.WaitAsync(stop);
        }
    }

    /// <summary>Entries below this number are stored at the centre: segments that hold nothing else are removed.</summary>
    public void Ack(long next)
    {
        lock (_gate)
        {
            _acked = Math.Max(_acked, Math.Min(next, _segments[^1].End));
            while (_segments.Count > 1 && _segments[0].End <= _acked && !_closed)
                DeleteOldest();
        }
    }

    /// <summary>
    /// Whether the centre's number of the first entry that it has not stored can be true. If it has more than was ever sent, a power cut took entries
    /// that it has, and their numbers would be used again: the ring then goes on under another <see cref="Id"/>, with what was not sent yet.
    /// </summary>
    public bool Agrees(long wanted)
    {
        lock (_gate)
        {
            if (wanted <= Math.Max(_known, OldestKept))
            {
                Ack(wanted);
                return true;
            }
            _name = new RingName(Guid.NewGuid(), _known);
            _name.Write(_folder);
            _acked = _known;
            while (_segments.Count > 1 && _segments[0].End <= _known)
                DeleteOldest();
            return false;
        }
    }

    /// <summary>Closes the ring, so that a successor can open it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            foreach (var segment in _segments)
                segment.Dispose();
            _lock.Dispose();
        }
    }

    private void OpenSegments()
    {
        var found = RingSegment.Find(_folder);
        for (var i = 0; i < found.Count - 1; i++)
            _segments.Add(RingSegment.Open(found[i].Path, found[i].First, found[i + 1].First));
        _segments.Add(found.Count > 0 ? RingSegment.OpenLast(found[^1].Path, found[^1].First) : RingSegment.Create(_folder, _name.Floor));
        if (_segments[^1].End < _name.Floor)
            _segments.Add(RingSegment.Create(_folder, _name.Floor));
        _known = _segments[^1].End;
    }

    // Throws what the disk throws; the entry is then lost, and the next one tries again.
    private void MakeRoom(int bytes)
    {
        while (_segments.Count > 1 && _segments.Sum(s => s.Length) + bytes > _options.MaxBytes)
        {
            Dropped += Math.Max(0, _segments[0].End - Math.Max(OldestKept, _acked));
            DeleteOldest();
        }
        if (_segments[^1].Length > 0 && _segments[^1].Length + bytes > _options.SegmentBytes)
            _segments.Add(RingSegment.Create(_folder, _segments[^1].End));
    }

    private void DeleteOldest()
    {
        _segments[0].Delete();
        _segments.RemoveAt(0);
    }
}

/// <summary>Entries read from a ring.</summary>
/// <param name="First">Number of the first of them.</param>
/// <param name="Count">How many.</param>
public readonly record struct RingBatch(long First, int Count);
