namespace Pressure.LoadGen.Importing;

/// <summary>Hands out the lines of a stream of any length within one buffer; of a line that is too long only the length is known.</summary>
internal sealed class LogLineReader(Stream stream)
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = 64 * 1024;

    private readonly byte[] _buffer = new byte[1024 * 1024];
    private int _from;
    private int _to;
    private bool _ended;

    /// <summary>Number of the last line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Why reading ended before the end: damaged gzip; null otherwise.</summary>
    public string? Broken { get; private set; }

    /// <summary>The next line without its end; <paramref name="tooLong"/> with an empty line for one beyond the bound. False at the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool tooLong)
    {
        tooLong = false;
        while (true)
        {
            var rest = _buffer.AsSpan(_from, _to - _from);
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !_ended)
            {
                tooLong |= rest.Length > LongestLine;
                // Nothing of a line that is too long need be kept.
                if (tooLong)
                    _from = _to;
                Fill();
                continue;
            }
            if (end < 0 && rest.IsEmpty && !tooLong)
            {
                line = [];
                return false;
            }
            Line++;
            line = end < 0 ? rest : rest[..end];
            _from += end < 0 ? rest.Length : end + 1;
            tooLong |= line.Length > LongestLine;
            line = tooLong ? [] : line.TrimEnd((byte)'\r');
            return true;
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        try
        {
            var read = stream.Read(_buffer, _to, _buffer.Length - _to);
            _to += read;
            _ended = read == 0;
        }
        catch (InvalidDataException e)
        {
            (Broken, _ended) = (e.Message, true);
        }
    }
}
