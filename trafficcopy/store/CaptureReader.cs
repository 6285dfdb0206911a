using Microsoft.Win32.SafeHandles;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads a capture store (<c>*.capture</c>), also one that was cut off or is being written: then what was whole when it was opened. Can be gone through several
/// times at once. Memory: the index (some 100 bytes for 256 KiB of exchanges) and a bounded number of blocks, whatever the file holds.
/// </summary>
public sealed class CaptureReader : ICaptureReader
{
    private readonly SafeFileHandle _file;
    private readonly IReadOnlyList<IndexEntry> _index;
    private long _lost;
    private long _bytesRead;

    private CaptureReader(SafeFileHandle file, IReadOnlyList<IndexEntry> index, CaptureInfo info) => (_file, _index, Info) = (file, index, info);

    /// <inheritdoc/>
    public CaptureInfo Info { get; }

    /// <inheritdoc/>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Bytes that were read of it, of all goings-through together.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Opens a store.</summary>
    /// <exception cref="InvalidDataException">It is no store, or of a later version.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static CaptureReader Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var (index, info) = StoreOpening.Read(file, path);
            return new CaptureReader(file, index, info);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<CapturedExchange> ByTime()
    {
        using var merge = new TimeMerge(_file, _index, read => Interlocked.Add(ref _bytesRead, read), lost => Interlocked.Add(ref _lost, lost));
        while (merge.Next())
            yield return merge.Current;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
