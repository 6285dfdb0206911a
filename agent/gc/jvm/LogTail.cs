using Microsoft.Win32.SafeHandles;

namespace Pressure.Agent;

/// <summary>
/// Follows a file that grows, like <c>tail -F</c>: when it has been renamed or deleted the rest of it is read, then what came between, then the
/// new file; when it has shrunk it is read from its begin. Looks when it is asked to; holds one file open and one buffer.
/// </summary>
/// <param name="current">Where the log is now; null while there is none.</param>
/// <param name="archives">Older files of the same log, in any order; asked when the log has been rotated.</param>
internal sealed class LogTail(Func<string?> current, Func<string, IEnumerable<string>> archives) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int SilentLooksAllowed = 25;
    private readonly byte[] _buffer = new byte[BufferSize];
    private SafeFileHandle? _file;
    private string _path = "";
    private string? _link;
    private long _position;
    private int _silentLooks;

    /// <summary>The file that is open; null while there is none.</summary>
    public string? Open => _file is null ? null : _path;

    /// <summary>Begins with the log as it is now, at its end. What its first bytes say is given to <paramref name="head"/>; half a line at its end is passed over.</summary>
    /// <returns>False while there is no log.</returns>
    public bool Begin(ReadOnlySpanAction head)
    {
        if (current() is not { } path || !OpenFile(path))
            return false;
        var length = RandomAccess.GetLength(_file!);
        head(_buffer.AsSpan(0, RandomAccess.Read(_file!, _buffer, 0)));
        // From the last line's begin on: what is written of it is not whole, or has been read by the time its end is.
        var from = Math.Max(0, length - BufferSize);
        var tail = _buffer.AsSpan(0, RandomAccess.Read(_file!, _buffer, from));
        var newline = tail[..(int)Math.Min(tail.Length, length - from)].LastIndexOf((byte)'\n');
        _position = newline < 0 ? length : from + newline + 1;
        return true;
    }

    /// <summary>Hands on what has been written since.</summary>
    /// <param name="take">Gets the bytes.</param>
    /// <param name="ended">A file is at its end for good: the next bytes are another's.</param>
    public void Look(ReadOnlySpanAction take, Action ended)
    {
        if (_file is null && (current() is not { } first || !OpenFile(first)))
            return;
        // Asked before the rest is read, so that nothing can be written to the old file in between.
        var isGone = LinkOf(_file!) != _link;
        var from = _position;
        ReadOn(take, ended);
        _silentLooks = _position == from ? _silentLooks + 1 : 0;
        // To look for the log may mean to list a large folder. A silent one may be that of a run before, so now and then it is looked for too.
        if (!isGone && _silentLooks < SilentLooksAllowed)
            return;
        _silentLooks = 0;
        if (current() is not { } next || (!isGone && next == _path))
            return;
        // A file made by rotation is empty until the JVM has something to write, maybe for long: until then the old one is the log.
        using (var begun = OpenBegun(next))
        {
            if (begun is null)
                return;
        }

        var written = File.GetLastWriteTimeUtc(_file!);
        ended();
        CloseFile();
        // Rotated more than once since the last look: those between are whole.
        foreach (var between in archives(next).Where(a => a != next && LastWrite(a) > written).OrderBy(LastWrite).ToList())
        {
            if (!OpenFile(between))
                continue;
            ReadOn(take, ended);
            ended();
            CloseFile();
        }

        if (OpenFile(next))
            ReadOn(take, ended);
    }

    public void Dispose() => CloseFile();

    private void ReadOn(ReadOnlySpanAction take, Action ended)
    {
        if (RandomAccess.GetLength(_file!) < _position)
        {
            // Cut to nothing and written anew.
            ended();
            _position = 0;
        }

        while (RandomAccess.Read(_file!, _buffer, _position) is > 0 and var read)
        {
            _position += read;
            take(_buffer.AsSpan(0, read));
        }
    }

    private bool OpenFile(string path)
    {
        _file = OpenBegun(path);
        if (_file is null)
            return false;
        _path = path;
        _link = LinkOf(_file);
        _position = 0;
        return true;
    }

    /// <summary>Null if it can't be opened or holds nothing yet. A log has a first line soon; what has no length is no log (a pipe has none).</summary>
    private static SafeFileHandle? OpenBegun(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = UnlockedFile.Open(path);
            if (file is not null && RandomAccess.GetLength(file) > 0)
                return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
        }

        file?.Dispose();
        return null;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>The name that the kernel knows our open file by: it changes when the file is renamed or deleted, in another mount namespace too.</summary>
    private static string? LinkOf(SafeFileHandle file) => new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget;

    private static DateTime LastWrite(string path)
    {
        try
        {
            return File.GetLastWriteTimeUtc(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DateTime.MinValue;
        }
    }
}

/// <summary>Takes bytes that are only valid during the call.</summary>
internal delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);
