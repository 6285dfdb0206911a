using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>Masks JSON: by names at any depth, and by paths. What is not masked stays byte for byte.</summary>
internal sealed class JsonMasking(MaskRules rules)
{
    private const int MaxDepth = 256;

    private static readonly JsonReaderOptions Options =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth, AllowMultipleValues = true };

    private readonly MaskedNames _names = new(rules, MaskPlace.Json);
    private readonly JsonMaskPath[] _paths = [.. rules.JsonPaths];
    private readonly Level[] _levels = new Level[MaxDepth + 2];
    private byte[] _unescaped = new byte[256];

    /// <summary>Whether no JSON is ever masked.</summary>
    public bool IsEmpty => _names.IsEmpty && _paths.Length == 0;

    /// <summary>Most paths.</summary>
    public const int MostPaths = 64;

    /// <summary>Masks a text, or finds that it is no JSON: then nothing of it may be kept.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isCut">Whether its end is missing. What is behind the last whole token is left out then, since nobody can say what it is.</param>
    public bool TryMask(ref MaskedText text, bool isCut)
    {
        var at = Beginning(text.Source);
        var reader = new Utf8JsonReader(text.Source[at..], isFinalBlock: !isCut, new JsonReaderState(Options));
        try
        {
            _levels[0] = new Level { Paths = _paths.Length == 64 ? ulong.MaxValue : (1UL << _paths.Length) - 1, IsList = false };
            while (reader.Read())
                Take(ref reader, ref text, at);
        }
        // Not valid, half a surrogate pair, not UTF-8.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        var read = at + (int)reader.BytesConsumed;
        if (isCut && read < text.Source.Length)
            text.Replace(read, text.Source.Length - read, []);
        return true;
    }

    /// <summary>Where the JSON begins: behind a byte order mark, and the line that keeps scripts of others from running it.</summary>
    private static int Beginning(ReadOnlySpan<byte> text)
    {
        var mark = text.StartsWith("\uFEFF"u8) ? 3 : 0;
        return text[mark..].StartsWith(")]}'"u8) && text.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : mark;
    }

    private void Take(ref Utf8JsonReader reader, ref MaskedText text, int offset)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                ref var parent = ref _levels[reader.CurrentDepth];
                parent.Member = OfMember(ref reader, parent, reader.CurrentDepth);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var inner = OfValue(reader.CurrentDepth);
                // A map or list that a path leads to: all that is in it.
                if (inner.IsHit(_paths))
                    inner = inner with { Everything = true };
                _levels[reader.CurrentDepth + 1] = new Level { Paths = inner.Paths, Everything = inner.Everything, Scalars = inner.Scalars, IsList = reader.TokenType == JsonTokenType.StartArray, Depth = inner.Depth };
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                break;
            case JsonTokenType.Null:
                // It counts as an item of its list, but hides nothing.
                _ = OfValue(reader.CurrentDepth);
                break;
            default:
                MaskScalar(ref reader, ref text, offset, OfValue(reader.CurrentDepth));
                break;
        }
    }

    /// <summary>What holds for the value that begins now.</summary>
    private Place OfValue(int depth)
    {
        ref var level = ref _levels[depth];
        if (depth == 0)
            return new Place(level.Paths, 0, false, false);
        if (!level.IsList)
            return level.Member;
        var paths = 0UL;
        for (var i = 0; i < _paths.Length; i++)
        {
            if ((level.Paths & (1UL << i)) != 0 && _paths[i].Goes(level.Depth, level.Items))
                paths |= 1UL << i;
        }

        level.Items++;
        return new Place(paths, level.Depth + 1, level.Everything, level.Scalars);
    }

    private Place OfMember(ref Utf8JsonReader reader, in Level level, int depth)
    {
        var name = reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan;
        var paths = 0UL;
        for (var i = 0; i < _paths.Length; i++)
        {
            if ((level.Paths & (1UL << i)) != 0 && _paths[i].Goes(level.Depth, name))
                paths |= 1UL << i;
        }

        return new Place(paths, level.Depth + 1, level.Everything, level.Scalars || _names.Has(name));
    }

    private void MaskScalar(ref Utf8JsonReader reader, ref MaskedText text, int offset, Place place)
    {
        var isString = reader.TokenType == JsonTokenType.String;
        var secret = place.Everything || place.IsHit(_paths);
        // By name only what can be a secret: true, false and null are none.
        if (!secret && place.Scalars)
            secret = isString || reader.TokenType == JsonTokenType.Number;
        if (!secret && isString && rules.Secrets)
            secret = WebToken.Find(reader.ValueSpan) is not null;
        if (!secret || (isString && reader.ValueSpan.IsEmpty))
            return;
        var at = offset + (int)reader.TokenStartIndex;
        var length = offset + (int)reader.BytesConsumed - at;
        var value = reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan;
        if (isString)
        {
            text.Mask(at + 1, length - 2, value);
            return;
        }

        text.Replace(at, 0, "\""u8);
        text.Mask(at, length, value);
        text.Replace(at + length, 0, "\""u8);
    }

    private ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        if (_unescaped.Length < reader.ValueSpan.Length)
            _unescaped = new byte[reader.ValueSpan.Length * 2];
        return _unescaped.AsSpan(0, reader.CopyString(_unescaped));
    }

    /// <summary>A map or list that is gone through.</summary>
    private record struct Level
    {
        /// <summary>The paths that lead here, one bit each.</summary>
        public ulong Paths { get; init; }

        /// <summary>Segments of these paths that are used up.</summary>
        public int Depth { get; init; }

        public bool Everything { get; init; }

        public bool Scalars { get; init; }

        public bool IsList { get; init; }

        /// <summary>Items of a list that were gone through.</summary>
        public int Items { get; set; }

        /// <summary>What holds for the value of the member that was named last.</summary>
        public Place Member { get; set; }
    }

    /// <summary>What holds for a value: the paths that lead to it or on, and whether all of it is masked, or all texts and numbers in it.</summary>
    private readonly record struct Place(ulong Paths, int Depth, bool Everything, bool Scalars)
    {
        public bool IsHit(JsonMaskPath[] paths)
        {
            for (var i = 0; i < paths.Length; i++)
            {
                if ((Paths & (1UL << i)) != 0 && paths[i].Length == Depth)
                    return true;
            }

            return false;
        }
    }
}
