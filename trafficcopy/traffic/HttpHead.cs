using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>
/// Reads a head (<see cref="CapturedMessage.Head"/>) where it lies, without copying: <c>GET /a?b=1 HTTP/1.1\r\nHost: x\r\n</c>, with or without the empty
/// line after it. Never throws: of a head that makes no sense the parts are empty.
/// </summary>
public readonly ref struct HttpHead
{
    private readonly ReadOnlySpan<byte> _fields;

    /// <summary>Reads a head.</summary>
    public HttpHead(ReadOnlySpan<byte> head)
    {
        StartLine = HeadLine.Cut(ref head);
        _fields = head;
    }

    /// <summary>The first line, without its end.</summary>
    public ReadOnlySpan<byte> StartLine { get; }

    /// <summary>Whether it is a response's.</summary>
    public bool IsResponse => StartLine.StartsWith("HTTP/"u8);

    /// <summary>The request's method, as it came.</summary>
    public ReadOnlySpan<byte> Method => IsResponse ? default : StartLine[..Math.Max(0, StartLine.IndexOf((byte)' '))];

    /// <summary>The request's target, as it came: <c>/a?b=1</c>, <c>http://x/a?b=1</c>, <c>*</c>, or <c>x:443</c> of CONNECT.</summary>
    public ReadOnlySpan<byte> Target
    {
        get
        {
            var space = StartLine.IndexOf((byte)' ');
            if (IsResponse || space < 0)
                return default;
            var rest = StartLine[(space + 1)..];
            var last = rest.LastIndexOf(" HTTP/"u8);
            return (last < 0 ? rest : rest[..last]).Trim((byte)' ');
        }
    }

    /// <summary>The target without scheme, authority and query; <c>/</c> where an absolute target has no path. Of CONNECT the target itself.</summary>
    public ReadOnlySpan<byte> Path
    {
        get
        {
            var path = AfterAuthority(Target);
            var end = path.IndexOfAny((byte)'?', (byte)'#');
            path = end < 0 ? path : path[..end];
            return path.IsEmpty && !Target.IsEmpty ? "/"u8 : path;
        }
    }

    /// <summary>What follows the question mark; empty without one.</summary>
    public ReadOnlySpan<byte> Query
    {
        get
        {
            var path = AfterAuthority(Target);
            var fragment = path.IndexOf((byte)'#');
            path = fragment < 0 ? path : path[..fragment];
            var mark = path.IndexOf((byte)'?');
            return mark < 0 ? default : path[(mark + 1)..];
        }
    }

    /// <summary>The authority of an absolute target, or the field Host (its last); empty without both.</summary>
    public ReadOnlySpan<byte> Host
    {
        get
        {
            var target = Target;
            var scheme = SchemeEnd(target);
            if (scheme < 0)
                return FindLast("Host"u8);
            var rest = target[scheme..];
            var end = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
            return end < 0 ? rest : rest[..end];
        }
    }

    /// <summary>The response's status; 0 for a request, or where none can be read.</summary>
    public int Status
    {
        get
        {
            if (!IsResponse)
                return 0;
            var space = StartLine.IndexOf((byte)' ');
            var digits = space < 0 ? default : StartLine[(space + 1)..].TrimStart((byte)' ');
            return digits.Length >= 3 && char.IsAsciiDigit((char)digits[0]) && char.IsAsciiDigit((char)digits[1]) && char.IsAsciiDigit((char)digits[2])
                && (digits.Length == 3 || digits[3] == ' ')
                ? (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0'
                : 0;
        }
    }

    /// <summary>Its fields, in order.</summary>
    public FieldEnumerator GetEnumerator() => new(_fields);

    /// <summary>Whether there is a field of this name, upper or lower case.</summary>
    public bool Has(ReadOnlySpan<byte> name) => TryFind(name, out _);

    /// <summary>Finds the first field of this name, upper or lower case.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var field in this)
            if (field.Is(name))
            {
                value = field.Value;
                return true;
            }
        value = default;
        return false;
    }

    /// <summary>The first value of a field; empty without one.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> name) => TryFind(name, out var value) ? value : default;

    /// <summary>The last value of a field; empty without one.</summary>
    public ReadOnlySpan<byte> FindLast(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> last = default;
        foreach (var field in this)
            if (field.Is(name))
                last = field.Value;
        return last;
    }

    /// <summary>All values of a field, joined by comma and space; null without any. Not for Set-Cookie, whose values have commas of their own.</summary>
    public string? Combined(ReadOnlySpan<byte> name)
    {
        string? all = null;
        foreach (var field in this)
            if (field.Is(name))
                all = all is null ? Encoding.Latin1.GetString(field.Value) : $"{all}, {Encoding.Latin1.GetString(field.Value)}";
        return all;
    }

    private static ReadOnlySpan<byte> AfterAuthority(ReadOnlySpan<byte> target)
    {
        var scheme = SchemeEnd(target);
        if (scheme < 0)
            return target;
        var rest = target[scheme..];
        var path = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        return path < 0 ? default : rest[path..];
    }

    private static int SchemeEnd(ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target[0] is (byte)'/' or (byte)'*')
            return -1;
        var end = target.IndexOf("://"u8);
        return end is > 0 and < 16 && target[..end].IndexOfAny((byte)'/', (byte)'?', (byte)'#') < 0 ? end + 3 : -1;
    }

    /// <summary>Goes through the fields of a head.</summary>
    public ref struct FieldEnumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal FieldEnumerator(ReadOnlySpan<byte> fields)
        {
            _rest = fields;
            Current = default;
        }

        /// <summary>The field.</summary>
        public HttpField Current { get; private set; }

        /// <summary>Goes on to the next one.</summary>
        public bool MoveNext()
        {
            var line = HeadLine.Cut(ref _rest);
            if (line.IsEmpty)
                return false;
            Current = new HttpField(line);
            return true;
        }
    }
}

/// <summary>A field of a head.</summary>
public readonly ref struct HttpField
{
    internal HttpField(ReadOnlySpan<byte> line)
    {
        Line = line;
        var colon = line.IndexOf((byte)':');
        Name = colon < 0 ? default : line[..colon].Trim(" \t"u8);
        Value = colon < 0 ? line : line[(colon + 1)..].Trim(" \t"u8);
    }

    /// <summary>The whole line, without its end, as it came.</summary>
    public ReadOnlySpan<byte> Line { get; }

    /// <summary>Its name, as it came; empty for a line without a colon, whose <see cref="Value"/> is all of it.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Its value, without spaces around it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether it has this name, upper or lower case.</summary>
    public bool Is(ReadOnlySpan<byte> name) => Name.Length == name.Length && Ascii.EqualsIgnoreCase(Name, name);
}

/// <summary>Lines of a head.</summary>
internal static class HeadLine
{
    /// <summary>Takes the next line off, without its end (CRLF, or LF alone).</summary>
    public static ReadOnlySpan<byte> Cut(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }
}
