using System.Buffers;
using System.Runtime.CompilerServices;
using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>
/// What one agent sent: append-only segments, bounded in time and bytes. No descriptor stays open, since there may be more agents than descriptors.
/// A record is in the kernel's hands before it is acknowledged, so it survives a crash of the service. Thread-safe.
/// </summary>
internal sealed class EntryLog(string folder, AccessLimits limits)
{
    private const long SegmentBytes = 4L << 20;
    private static readonly TimeSpan SegmentTime = TimeSpan.FromHours(1);

    /// <summary>An entry's time lies before its coming; the estimate of the clock may be off by less than this.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>Buffers whose numbers are remembered: an agent has one, and seldom a new one.</summary>
    private const int MostRings = 4;

    private readonly Lock _gate = new();
    private List<EntrySegment>? _segments;
    private readonly List<(Guid Ring, long Wanted)> _rings = [];
    private TaskCompletionSource? _appended;

    /// <summary>Number of the first entry of a ring that is not stored; null if nothing of it is.</summary>
    /// <exception cref="IOException">The log can't be read.</exception>
    public long? WantedOf(Guid ring)
    {
        lock (_gate)
        {
            Open();
            var known = _rings.FindIndex(r => r.Ring == ring);
            return known < 0 ? null : _rings[known].Wanted;
        }
    }

    /// <summary>Stores <paramref name="record"/>'s entries of a frame, and that all numbers before its end are stored or lost.</summary>
    /// <exception cref="IOException">It can't be written; nothing has changed.</exception>
    public void Append(EntryRecord record, ReadOnlySpan<byte> frame)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            var segments = Open();
            var now = record.Received;
            if (segments.Count == 0 || segments[^1].Bytes >= SegmentBytes || now - segments[^1].Begin >= SegmentTime)
                Roll(segments, now);
            Write(segments, record, frame);
            Remember(record.Ring, record.First + record.Count);
            (waiting, _appended) = (_appended, null);
        }
        waiting?.SetResult();
    }

    /// <summary>Entries whose time on the centre's clock is <paramref name="from"/> or later, in the order in which they were numbered, and new ones as they come.</summary>
    public async IAsyncEnumerable<StoredEntry> FollowAsync(DateTimeOffset from, [EnumeratorCancellation] CancellationToken stop)
    {
        var (path, offset) = ("", 0L);
        while (!stop.IsCancellationRequested)
        {
            Task more;
            List<EntrySegment> segments;
            lock (_gate)
            {
                more = (_appended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                segments = [.. Open()];
            }
            for (var i = 0; i < segments.Count; i++)
            {
                if (string.CompareOrdinal(segments[i].Path, path) < 0 || (i + 1 < segments.Count && segments[i + 1].Begin + Slack < from))
                    continue;
                if (segments[i].Path != path)
                    (path, offset) = (segments[i].Path, 0);
                while (offset < segments[i].Bytes)
                {
                    var (entries, next) = ReadSome(path, offset, segments[i].Bytes);
                    foreach (var entry in entries.Where(e => e.At >= from))
                        yield return entry;
                    offset = next;
                }
            }
            await more.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Removes everything.</summary>
    public void Delete()
    {
        lock (_gate)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            _segments = [];
            _rings.Clear();
        }
    }

    /// <summary>One record's entries and the offset behind it. What can't be read any more (expired meanwhile, damaged) is passed over with its segment.</summary>
    private static (IReadOnlyList<StoredEntry> Entries, long Next) ReadSome(string path, long offset, long end)
    {
        List<StoredEntry> entries = [];
        try
        {
            var next = EntrySegment.Read(path, offset, end, payload =>
            {
                entries.AddRange(EntryRecord.Entries(payload));
                return entries.Count < 500;
            });
            return (entries, next > offset ? next : end);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return (entries, end);
        }
    }

    private static void Write(List<EntrySegment> segments, EntryRecord record, ReadOnlySpan<byte> frame)
    {
        var last = segments[^1];
        var length = LogFormat.HeaderLength + EntryRecord.HeaderLength + frame.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var payload = buffer.AsSpan(LogFormat.HeaderLength, EntryRecord.HeaderLength + frame.Length);
            record.Write(payload);
            frame.CopyTo(payload[EntryRecord.HeaderLength..]);
            LogFormat.WriteHeader(buffer, payload);
            using var file = File.OpenHandle(last.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                RandomAccess.Write(file, buffer.AsSpan(0, length), last.Bytes);
            }
            catch (IOException)
            {
                RandomAccess.SetLength(file, last.Bytes);
                throw;
            }
            segments[^1] = last with { Bytes = last.Bytes + length };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Begins a segment, tells it what is stored of each ring, and lets go of segments whose time or room is over.</summary>
    private void Roll(List<EntrySegment> segments, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        var begin = segments.Count > 0 && segments[^1].Begin >= now ? segments[^1].Begin.AddMilliseconds(1) : now;
        segments.Add(EntrySegment.New(folder, begin));
        try
        {
            foreach (var (ring, wanted) in _rings)
                Write(segments, new EntryRecord(ring, wanted, 0, 0, now, default), []);
        }
        catch (IOException)
        {
            segments.RemoveAt(segments.Count - 1);
            throw;
        }
        while (segments.Count > 1 && (segments[1].Begin < now - limits.KeepFor || segments.Sum(s => s.Bytes) + SegmentBytes > limits.KeepBytes))
        {
            File.Delete(segments[0].Path);
            segments.RemoveAt(0);
        }
    }

    private void Remember(Guid ring, long wanted)
    {
        var known = _rings.FindIndex(r => r.Ring == ring);
        if (known >= 0)
            _rings[known] = (ring, Math.Max(wanted, _rings[known].Wanted));
        else
            _rings.Add((ring, wanted));
        if (_rings.Count > MostRings)
            _rings.RemoveAt(0);
    }

    /// <summary>What is on disk; the last segment tells what is stored of each ring, and what a crash has torn is cut off.</summary>
    private List<EntrySegment> Open()
    {
        if (_segments is not null)
            return _segments;
        var found = Directory.Exists(folder) ? EntrySegment.Find(folder) : [];
        if (found.Count > 0)
        {
            var last = found[^1];
            var sound = EntrySegment.Read(last.Path, 0, last.Bytes, payload =>
            {
                var record = EntryRecord.Read(payload);
                Remember(record.Ring, record.First + record.Count);
                return true;
            });
            if (sound < last.Bytes)
            {
                using var file = File.OpenHandle(last.Path, FileMode.Open, FileAccess.Write);
                RandomAccess.SetLength(file, sound);
                found[^1] = last with { Bytes = sound };
            }
        }
        return _segments = found;
    }
}
