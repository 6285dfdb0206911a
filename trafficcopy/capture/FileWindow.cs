using System.IO.Compression;

namespace Pressure.TrafficCopy;

/// <summary>
/// A part of a file that moves forward: what is in it is looked at in place. Holds one buffer, however large the file is.
/// </summary>
/// <remarks>What can't be read (a bad disk, a packed file that was cut) is as if the file ended there; <see cref="Trouble"/> tells.</remarks>
internal sealed class FileWindow(Stream stream, CountedStream file, CaptureReadOptions options)
{
    /// <summary>The most that can be looked at in one piece. The buffer is far larger, so that moving what is left to its front costs next to nothing.</summary>
    public const int MaxPiece = 1 << 20;

    // What is filled at a time, at the buffer's front, stays in the processor's cache until it is looked at.
    private const int Filling = 1 << 18;
    private const int LittleToMove = 1 << 16;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(4 << 20);
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Where the window begins, in bytes from the file's beginning.</summary>
    public long Offset { get; private set; }

    /// <summary>Why the file could not be read further; null when it simply ended.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether it was told to end early.</summary>
    public bool Stopped { get; private set; }

    /// <summary>That many bytes from the window's beginning on; fewer where the file ends. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _start < count)
            Fill(count);
        return new ReadOnlySpan<byte>(_buffer, _start, Math.Min(count, _end - _start));
    }

    /// <summary>Passes over bytes that have been looked at.</summary>
    public void Advance(int count)
    {
        _start += count;
        Offset += count;
    }

    /// <summary>Passes over bytes without looking; how many there were.</summary>
    public long Skip(long count)
    {
        var left = count;
        while (left > 0)
        {
            var piece = Peek((int)Math.Min(left, MaxPiece)).Length;
            if (piece == 0)
                break;
            Advance(piece);
            left -= piece;
        }
        return count - left;
    }

    /// <summary>
    /// How many bytes may be passed over in search of something that many bytes long, since it is not only zeros and they are: a file whose place was taken
    /// long before it was filled (a full disk, a copy that broke off) may have gigabytes of them.
    /// </summary>
    public int Zeros(int length)
    {
        var ahead = Peek(Filling);
        var first = ahead.IndexOfAnyExcept((byte)0);
        return (first < 0 ? ahead.Length : first) - length + 1;
    }

    // The library takes a packed file that was cut for a whole one unless the cut leaves bits over. A whole one ends with its length; a cut one with
    // anything, which is most likely far more than there was.
    private bool EndsEarly => stream is GZipStream && file.LastFour > Offset + (_end - _start);

    private void Fill(int count)
    {
        if (_ended)
            return;
        if (_end - _start <= LittleToMove || _start + count > _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        while (!_ended && _end - _start < count)
            _ended = !Read();
        options.Progress?.Invoke(file.Consumed);
    }

    private bool Read()
    {
        if (options.Stop.IsCancellationRequested)
        {
            Stopped = true;
            return false;
        }
        try
        {
            var read = stream.Read(_buffer, _end, Math.Min(Filling, _buffer.Length - _end));
            _end += read;
            if (read == 0 && EndsEarly)
                Trouble = "it is packed, and its end is missing.";
            return read > 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or UnauthorizedAccessException)
        {
            Trouble = e.Message;
            return false;
        }
    }
}
