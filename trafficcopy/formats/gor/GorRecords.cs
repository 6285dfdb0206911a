using System.Buffers.Text;

namespace Pressure.TrafficCopy;

/// <summary>One record of a <c>.gor</c> file; its bytes are valid until the next one is asked for.</summary>
internal readonly record struct GorRecord(char Kind, string Id, long At, long Duration, ReadOnlyMemory<byte> Message, long Offset);

/// <summary>Reads the records of a <c>.gor</c> file, one after the other, in bounded memory.</summary>
internal sealed class GorRecords(Stream stream, TransferTally tally)
{
    private const int LongestRecord = 64 << 20;
    private const int LongestHeader = 512;

    private byte[] _buffer = new byte[1 << 18];
    private int _at;
    private int _end;
    private int _searched;
    private long _offset;
    private bool _isOver;

    /// <summary>Bytes read, without packing.</summary>
    public long Offset => _offset + _at;

    /// <summary>The next record; null when there is none.</summary>
    public GorRecord? Next()
    {
        while (NextBytes() is var (bytes, offset))
        {
            if (Parse(bytes, offset) is { } record)
                return record;
        }

        return null;
    }

    /// <summary>The bytes up to the next separator, or up to the end of the file.</summary>
    private (ReadOnlyMemory<byte> Bytes, long Offset)? NextBytes()
    {
        while (true)
        {
            var found = _buffer.AsSpan(_searched, _end - _searched).IndexOf(GorExport.Separator);
            if (found >= 0)
                return Take(_searched + found, GorExport.Separator.Length);
            _searched = Math.Max(_at, _end - GorExport.Separator.Length + 1);
            if (_isOver)
                return TakeRest();
            if (_end - _at > LongestRecord)
                Skip();
            Fill();
        }
    }

    private (ReadOnlyMemory<byte>, long)? TakeRest()
    {
        // Written by hand, the last separator may lack its end of line.
        var rest = _buffer.AsSpan(_at, _end - _at).TrimEnd("\r\n"u8);
        if (rest.IsEmpty)
            return null;
        if (rest.EndsWith(GorExport.Separator[..^1]))
            return Take(_at + rest.Length - (GorExport.Separator.Length - 1), _end - (_at + rest.Length - (GorExport.Separator.Length - 1)));
        tally.Note(Offset, $"the file ends within a message of which {rest.Length:N0} bytes are there.", "It was left out; everything before it was read.");
        _at = _end;
        return null;
    }

    private (ReadOnlyMemory<byte>, long) Take(int end, int separator)
    {
        var taken = (_buffer.AsMemory(_at, end - _at), Offset);
        _at = _searched = end + separator;
        return taken;
    }

    private void Skip()
    {
        tally.Note(Offset, $"there is no separator within {LongestRecord >> 20} MiB.", "What is there was passed over up to the next one.");
        _at = _searched;
    }

    private void Fill()
    {
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            _offset += _at;
            (_searched, _end, _at) = (_searched - _at, _end - _at, 0);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        try
        {
            var isFirst = _offset == 0 && _end == 0;
            var read = stream.ReadAtLeast(_buffer.AsSpan(_end), 3, throwOnEndOfStream: false);
            _end += read;
            _isOver = read == 0;
            // A byte order mark, of who edited it by hand.
            if (isFirst && _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
                _at = _searched = 3;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            tally.Note(_offset + _end, $"it can't be read further: {e.Message}", "Everything before it was read. A packed file that was cut off ends like this: copy it again, or take it as it is.");
            _isOver = true;
        }
    }

    /// <summary>Takes the line before a message apart: kind, ID, time, and mostly how long it took.</summary>
    private GorRecord? Parse(ReadOnlyMemory<byte> bytes, long offset)
    {
        var text = bytes.Span;
        var end = text[..Math.Min(text.Length, LongestHeader)].IndexOf((byte)'\n');
        var line = end < 0 ? [] : text[..end].TrimEnd((byte)'\r');
        Span<Range> words = stackalloc Range[5];
        var count = 0;
        foreach (var word in line.Split((byte)' '))
        {
            if (count < words.Length)
                words[count] = word;
            count++;
        }

        if (count is < 3 or > 4 || line[words[0]] is not [(byte)'1' or (byte)'2' or (byte)'3'] || !TryNumber(line[words[2]], out var at))
        {
            tally.Note(offset, "a message has no header such as '1 ID TIME DURATION'.", "It was left out. Is this a file that GoReplay wrote with --output-file?");
            return null;
        }

        var duration = count == 4 && TryNumber(line[words[3]], out var told) ? told : 0;
        return new((char)line[0], System.Text.Encoding.Latin1.GetString(line[words[1]]), at, duration, bytes[(end + 1)..], offset);
    }

    private static bool TryNumber(ReadOnlySpan<byte> word, out long number) => Utf8Parser.TryParse(word, out number, out var read) && read == word.Length && number >= 0;
}
