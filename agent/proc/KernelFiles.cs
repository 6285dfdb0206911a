namespace Pressure.Agent;

/// <summary>Reads the kernel's small files into one buffer that is used again and again. Not for several threads at a time.</summary>
/// <remarks>A file that vanishes, breaks off with an error or may not be read is empty: what was read of it up to there is not whole.</remarks>
internal sealed class KernelFiles
{
    private const int MaxBytes = 256 * 1024, MaxSearched = 4 << 20;

    private byte[] _buffer = new byte[16 * 1024];

    /// <summary>The file's bytes, at most 256 KiB; valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(string path)
    {
        var file = Libc.Open(path);
        if (file < 0)
            return default;
        try
        {
            var length = 0;
            while (length < MaxBytes)
            {
                if (length == _buffer.Length)
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                var count = Libc.Read(file, _buffer.AsSpan(length));
                if (count < 0)
                    return default;
                if (count == 0)
                    break;
                length += count;
            }
            return _buffer.AsSpan(0, length);
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }

    /// <summary>Whether something stands in the first 4 MiB of a file.</summary>
    public bool Contains(string path, ReadOnlySpan<byte> what)
    {
        var file = Libc.Open(path);
        if (file < 0)
            return false;
        try
        {
            var kept = 0;
            for (var read = 0; read < MaxSearched;)
            {
                var count = Libc.Read(file, _buffer.AsSpan(kept));
                if (count <= 0)
                    return false;
                read += count;
                var text = _buffer.AsSpan(0, kept + count);
                if (text.IndexOf(what) >= 0)
                    return true;
                // It may stand across the border.
                kept = Math.Min(what.Length - 1, text.Length);
                text[^kept..].CopyTo(_buffer);
            }
            return false;
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }
}
