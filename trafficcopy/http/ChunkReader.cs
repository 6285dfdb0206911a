namespace Pressure.TrafficCopy;

/// <summary>Reads what stands around the data of a chunked body, byte by byte: sizes with extensions, line ends, trailers.</summary>
internal struct ChunkReader
{
    private const int LongestLine = 16 << 10;
    private const int MostTrailers = 256;

    private Place _place;
    private int _digits;
    private int _line;
    private int _trailers;
    private bool _afterReturn;

    private enum Place
    {
        Size,
        Extension,
        DataEnd,
        Trailer,
    }

    /// <summary>What came of it.</summary>
    public enum Found
    {
        /// <summary>Nothing yet.</summary>
        Nothing,

        /// <summary>Data begins: <see cref="Size"/> bytes.</summary>
        Data,

        /// <summary>The body is over.</summary>
        End,

        /// <summary>This is no chunk.</summary>
        Bad,
    }

    /// <summary>The chunk's size.</summary>
    public long Size { get; private set; }

    /// <summary>Others may read it in another way.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>The data is over: its line end comes.</summary>
    public void EndData() => (_place, _line, _afterReturn) = (Place.DataEnd, 0, false);

    /// <summary>Reads on until something is found.</summary>
    public Found Read(scoped ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            var found = next == '\n' ? LineEnd() : InLine(next);
            if (found != Found.Nothing)
                return found;
        }
        return Found.Nothing;
    }

    private Found InLine(byte next)
    {
        // CR means something before LF only.
        if (_afterReturn || ++_line > LongestLine)
            return Bad();
        if (next == '\r')
        {
            _afterReturn = true;
            _line--;
            return Found.Nothing;
        }
        return _place switch
        {
            Place.Size => Digit(next),
            Place.DataEnd => Bad(),
            _ => Found.Nothing,
        };
    }

    private Found Digit(byte next)
    {
        if (char.IsAsciiHexDigit((char)next) && ++_digits <= 15)
        {
            Size = (Size << 4) + (next <= '9' ? next - '0' : (next | 0x20) - 'a' + 10);
            return Found.Nothing;
        }
        if (_digits is 0 or > 15 || next is not ((byte)';' or (byte)' ' or (byte)'\t'))
            return Bad();
        _place = Place.Extension;
        return Found.Nothing;
    }

    private Found LineEnd()
    {
        var isEmpty = _line == 0;
        IsAmbiguous |= !_afterReturn;
        (_afterReturn, _line) = (false, 0);
        return _place switch
        {
            Place.DataEnd => NextSize(),
            Place.Trailer => isEmpty ? Found.End : ++_trailers > MostTrailers ? Bad() : Found.Nothing,
            _ => _digits == 0 ? Bad() : SizeEnd(),
        };
    }

    private Found NextSize()
    {
        (_place, _digits, Size) = (Place.Size, 0, 0);
        return Found.Nothing;
    }

    private Found SizeEnd()
    {
        if (Size > 0)
            return Found.Data;
        _place = Place.Trailer;
        return Found.Nothing;
    }

    private Found Bad()
    {
        IsAmbiguous = true;
        return Found.Bad;
    }
}
