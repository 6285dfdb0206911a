using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>Goes through the entries of a HAR file one after the other; memory for one entry, however large the file is.</summary>
internal sealed class HarEntries(Stream stream, TransferTally tally)
{
    /// <summary>Bytes of the longest entry.</summary>
    public const int LongestEntry = 128 << 20;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private JsonReaderState _state = new(Options);
    private byte[] _buffer = new byte[1 << 18];
    private int _at;
    private int _end;
    private long _offset;
    private bool _isOver;
    private bool _isBroken;
    private bool _sawEntries;
    private Place _place = Place.Before;

    private enum Place
    {
        Before,
        Root,
        Log,
        Entries,
        After,
    }

    /// <summary>Place of the entry that was read last.</summary>
    public long Offset { get; private set; }

    /// <summary>Entries read.</summary>
    public int Count { get; private set; }

    /// <summary>The next entry, to be disposed of; null when there is none.</summary>
    public JsonDocument? Next()
    {
        try
        {
            while (!_isBroken && _place != Place.After)
            {
                if (Step() is { } entry)
                    return entry;
            }
        }
        catch (JsonException e)
        {
            _isBroken = true;
            tally.Note(_offset + _at, Count == 0 ? $"it is no HAR file: {Line(e)}" : $"behind entry {Count} it is no JSON any more: {Line(e)}", "Everything before it was read. Save the file again, or check that it was copied whole.");
        }

        if (!_isBroken && _place == Place.After && !_sawEntries)
            tally.Note(0, "there is no list log.entries in it.", "A HAR file is JSON: { \"log\": { \"entries\": [ ... ] } }. Save it again.");
        _isBroken = true;
        return null;
    }

    private JsonDocument? Step()
    {
        if (_place == Place.Entries)
            return NextEntry();
        switch (Token(out var isLog, out var isEntries))
        {
            case JsonTokenType.StartObject when _place == Place.Before:
                _place = Place.Root;
                break;
            case JsonTokenType.PropertyName when _place == Place.Root && isLog:
                if (Token(out _, out _) != JsonTokenType.StartObject)
                    throw new JsonException("log is no object");
                _place = Place.Log;
                break;
            case JsonTokenType.PropertyName when _place == Place.Log && isEntries:
                if (Token(out _, out _) != JsonTokenType.StartArray)
                    throw new JsonException("log.entries is no list");
                (_place, _sawEntries) = (Place.Entries, true);
                break;
            case JsonTokenType.PropertyName:
                SkipValue();
                break;
            case JsonTokenType.EndObject:
                _place = _place == Place.Log ? Place.Root : Place.After;
                break;
            case JsonTokenType.None:
                throw new JsonException("it ends too early");
            default:
                throw new JsonException("it does not begin with a map");
        }

        return null;
    }

    private JsonDocument? NextEntry()
    {
        while (true)
        {
            var reader = Reader();
            if (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndArray)
                {
                    Advance(reader);
                    _place = Place.Log;
                    return null;
                }

                var start = _offset + _at + reader.TokenStartIndex;
                if (JsonDocument.TryParseValue(ref reader, out var entry))
                {
                    (Offset, Count) = (start, Count + 1);
                    Advance(reader);
                    return entry;
                }
            }

            More();
        }
    }

    /// <summary>The next token, and whether it is one of the names that matter.</summary>
    private JsonTokenType Token(out bool isLog, out bool isEntries)
    {
        (isLog, isEntries) = (false, false);
        while (true)
        {
            var reader = Reader();
            if (reader.Read())
            {
                var isName = reader.TokenType == JsonTokenType.PropertyName;
                (isLog, isEntries) = (isName && reader.ValueTextEquals("log"u8), isName && reader.ValueTextEquals("entries"u8));
                Advance(reader);
                return reader.TokenType;
            }

            if (_isOver)
                return JsonTokenType.None;
            More();
        }
    }

    private void SkipValue()
    {
        // The text of answers is among the entries; all else is small.
        while (true)
        {
            var reader = Reader();
            if (reader.Read() && reader.TrySkip())
            {
                Advance(reader);
                return;
            }

            More();
        }
    }

    private Utf8JsonReader Reader() => new(_buffer.AsSpan(_at, _end - _at), _isOver, _state);

    private void Advance(in Utf8JsonReader reader)
    {
        _at += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private void More()
    {
        if (_isOver)
            throw new JsonException("it ends too early");
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            _offset += _at;
            (_end, _at) = (_end - _at, 0);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= LongestEntry)
                throw new JsonException($"an entry has more than {LongestEntry >> 20} MiB");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var isFirst = _offset == 0 && _end == 0;
            // All that there is room for: an entry is looked at again from its beginning after each piece.
            var read = stream.ReadAtLeast(_buffer.AsSpan(_end), _buffer.Length - _end, throwOnEndOfStream: false);
            _isOver = read < _buffer.Length - _end;
            _end += read;
            if (isFirst && _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
                _at = 3;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    // Positions in messages count from the piece that was looked at; the right one is told beside.
    private static string Line(JsonException e) => e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? e.Message[..end] : e.Message;
}
