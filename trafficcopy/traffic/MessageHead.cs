namespace Pressure.TrafficCopy;

/// <summary>Reads a captured head (<see cref="CapturedMessage.Head"/>) where it lies: start line, then fields. Takes any bytes; what is missing is empty.</summary>
public readonly ref struct MessageHead
{
    private readonly ReadOnlySpan<byte> _fields;

    /// <summary>Looks at a head.</summary>
    public MessageHead(ReadOnlySpan<byte> head) => StartLine = NextLine(head, out _fields);

    /// <summary>The first line, without its end.</summary>
    public ReadOnlySpan<byte> StartLine { get; }

    /// <summary>First word of a request line.</summary>
    public ReadOnlySpan<byte> Method => StartLine.IndexOf((byte)' ') is >= 0 and var end ? StartLine[..end] : StartLine;

    /// <summary>What a request line asks for: between its first and its last space, or up to its end without a version (HTTP/0.9).</summary>
    public ReadOnlySpan<byte> Target
    {
        get
        {
            var first = StartLine.IndexOf((byte)' ');
            if (first < 0)
                return [];
            var rest = StartLine[(first + 1)..];
            var last = rest.LastIndexOf((byte)' ');
            return last < 0 ? rest : rest[..last];
        }
    }

    /// <summary>The status of a status line; 0 if it has none.</summary>
    public int Status
    {
        get
        {
            var first = StartLine.IndexOf((byte)' ');
            if (first < 0 || StartLine.Length < first + 4)
                return 0;
            var digits = StartLine.Slice(first + 1, 3);
            return digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? 0 : ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0';
        }
    }

    /// <summary>Goes through its fields.</summary>
    public FieldEnumerator GetEnumerator() => new(_fields);

    /// <summary>The first value of a field.</summary>
    /// <param name="lowerName">Its name in lower case.</param>
    /// <param name="value">Its value, without spaces around it.</param>
    public bool TryFind(ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        foreach (var field in this)
        {
            if (!field.Is(lowerName))
                continue;
            value = field.Value;
            return true;
        }

        value = default;
        return false;
    }

    internal static ReadOnlySpan<byte> NextLine(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        rest = end < 0 ? [] : text[(end + 1)..];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    /// <summary>Goes through the fields of a head.</summary>
    public ref struct FieldEnumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal FieldEnumerator(ReadOnlySpan<byte> fields) => _rest = fields;

        /// <summary>The field that it is at.</summary>
        public HeadField Current { get; private set; }

        /// <summary>Goes to the next one.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            Current = new HeadField(NextLine(_rest, out _rest));
            return true;
        }
    }
}

/// <summary>One line of a head's fields.</summary>
public readonly ref struct HeadField
{
    internal HeadField(ReadOnlySpan<byte> line)
    {
        Line = line;
        var colon = line.IndexOf((byte)':');
        Name = colon < 0 ? line : line[..colon];
        Value = colon < 0 ? [] : line[(colon + 1)..].Trim(" \t"u8);
    }

    /// <summary>The whole line, without its end.</summary>
    public ReadOnlySpan<byte> Line { get; }

    /// <summary>What stands before the colon; the whole line without one.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>What stands behind the colon, without spaces around it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether it has a name, however written.</summary>
    /// <param name="lowerName">The name in lower case.</param>
    public bool Is(ReadOnlySpan<byte> lowerName) => Name.Length == lowerName.Length && System.Text.Ascii.EqualsIgnoreCase(Name, lowerName);
}
