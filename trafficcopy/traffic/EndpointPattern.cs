using System.Buffers;
using System.Buffers.Text;

namespace Pressure.TrafficCopy;

/// <summary>
/// What requests of the same kind have in common: the path with what differs replaced. Numbers become <c>{id}</c>, UUIDs <c>{uuid}</c>, dates
/// <c>{date}</c>, mail addresses <c>{email}</c>, hashes and what looks like base64 <c>{hash}</c>, words with numbers between hyphens <c>{slug}</c>; of
/// <c>8841.jpg</c> only the stem. Query and matrix parameters are left out. The same words as in plans that are made of access logs.
/// </summary>
public static class EndpointPattern
{
    /// <summary>Bytes of the longest pattern.</summary>
    public const int Longest = 256;

    private const int MostSegments = 16;
    private const int LongestSegment = 64;

    private static readonly SearchValues<byte> Printable =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7F - 0x21).Select(b => (byte)b)]);

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Writes the pattern of a request's target and gives its length. Takes any bytes.</summary>
    /// <param name="target">Origin form, absolute form, authority form, or <c>*</c>.</param>
    /// <param name="pattern">Takes it: at least <see cref="Longest"/> bytes.</param>
    public static int Write(ReadOnlySpan<byte> target, Span<byte> pattern)
    {
        var to = new PatternText(pattern[..Longest]);
        var path = PathOf(target);
        if (path is not [(byte)'/', ..])
        {
            // "*", or the host and port of a CONNECT: the host is no endpoint.
            to.Escaped(path.LastIndexOf((byte)':') is >= 0 and var colon ? path[colon..] : path);
            return to.Length;
        }

        path = path[1..];
        for (var segments = 0; !to.IsFull; segments++)
        {
            to.Plain("/"u8);
            var slash = path.IndexOf((byte)'/');
            if (segments == MostSegments)
            {
                to.Plain("..."u8);
                break;
            }

            Segment(slash < 0 ? path : path[..slash], ref to);
            if (slash < 0)
                break;
            path = path[(slash + 1)..];
        }

        return to.Length;
    }

    private static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> target)
    {
        var end = target.IndexOfAny((byte)'?', (byte)'#');
        var path = end < 0 ? target : target[..end];
        if (path is [(byte)'/', ..])
            return path;
        var scheme = path.IndexOf("://"u8);
        if (scheme < 0)
            return path;
        path = path[(scheme + 3)..];
        var slash = path.IndexOf((byte)'/');
        return slash < 0 ? "/"u8 : path[slash..];
    }

    private static void Segment(ReadOnlySpan<byte> segment, ref PatternText to)
    {
        var parameters = segment.IndexOf((byte)';');
        if (parameters >= 0)
            segment = segment[..parameters];
        if (Placeholder(segment) is { IsEmpty: false } whole)
        {
            to.Plain(whole);
            return;
        }

        var dot = segment.LastIndexOf((byte)'.');
        if (dot > 0 && segment.Length - dot is > 1 and <= 6 && Placeholder(segment[..dot]) is { IsEmpty: false } stem)
        {
            to.Plain(stem);
            segment = segment[dot..];
        }

        to.Escaped(segment);
    }

    /// <summary>The word that stands for a segment; empty when it stands for itself.</summary>
    private static ReadOnlySpan<byte> Placeholder(ReadOnlySpan<byte> segment)
    {
        if (segment.IsEmpty)
            return [];
        if (!segment.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return "{id}"u8;
        if (segment.Length == 36 && segment[8] == '-' && Utf8Parser.TryParse(segment, out Guid _, out var read, 'D') && read == 36)
            return "{uuid}"u8;
        if (IsDate(segment))
            return "{date}"u8;
        if (IsHash(segment))
            return "{hash}"u8;
        if (segment.Length > LongestSegment || IsNumberedSlug(segment))
            return "{slug}"u8;
        return segment.IndexOf((byte)'@') is > 0 and var at && segment[at..].Contains((byte)'.') ? "{email}"u8 : [];
    }

    /// <summary><c>2024-05-01</c>, with or without a time behind it.</summary>
    private static bool IsDate(ReadOnlySpan<byte> segment) =>
        segment.Length >= 10 && segment[4] == '-' && segment[7] == '-' && (segment.Length == 10 || segment[10] is (byte)'T' or (byte)'t') &&
        !segment[..4].ContainsAnyExceptInRange((byte)'0', (byte)'9') && !segment[5..7].ContainsAnyExceptInRange((byte)'0', (byte)'9') &&
        !segment[8..10].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Words with a number of three digits and more between hyphens or underscores: <c>green-tea-48213</c>.</summary>
    private static bool IsNumberedSlug(ReadOnlySpan<byte> segment)
    {
        if (segment.IndexOfAny((byte)'-', (byte)'_') < 0)
            return false;
        var (digits, numbered) = (0, false);
        foreach (var b in segment)
        {
            if (b is (byte)'-' or (byte)'_')
                (numbered, digits) = (numbered || digits >= 3, 0);
            else
                digits = b is >= (byte)'0' and <= (byte)'9' && digits >= 0 ? digits + 1 : -1;
        }

        return numbered || digits >= 3;
    }

    /// <summary>Hexadecimal from 16 digits on, or 20 and more letters and digits of the kind that only machines write.</summary>
    private static bool IsHash(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 16)
            return false;
        var (digits, upper, lower) = (0, 0, 0);
        foreach (var b in segment)
        {
            switch (b)
            {
                case >= (byte)'0' and <= (byte)'9':
                    digits++;
                    break;
                case >= (byte)'A' and <= (byte)'Z':
                    upper++;
                    break;
                case >= (byte)'a' and <= (byte)'z':
                    lower++;
                    break;
                case (byte)'-' or (byte)'_' or (byte)'=':
                    break;
                default:
                    return false;
            }
        }

        return (digits > 0 && !segment.ContainsAnyExcept(HexDigits)) || (segment.Length >= 20 && digits >= 3 && upper >= 3 && lower >= 3);
    }

    /// <summary>The text being written; what does not fit is cut.</summary>
    private ref struct PatternText(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        public int Length { get; private set; }

        public readonly bool IsFull => Length == _room.Length;

        public void Plain(scoped ReadOnlySpan<byte> text)
        {
            var taken = text[..Math.Min(text.Length, _room.Length - Length)];
            taken.CopyTo(_room[Length..]);
            Length += taken.Length;
        }

        /// <summary>Patterns are shown and compared as text: what is no printable ASCII is written as <c>%XX</c>.</summary>
        public void Escaped(scoped ReadOnlySpan<byte> text)
        {
            while (!text.IsEmpty && !IsFull)
            {
                var plain = text.IndexOfAnyExcept(Printable);
                Plain(plain < 0 ? text : text[..plain]);
                if (plain < 0)
                    return;
                Plain([(byte)'%', Hex(text[plain] >> 4), Hex(text[plain] & 15)]);
                text = text[(plain + 1)..];
            }
        }

        private static byte Hex(int digit) => "0123456789ABCDEF"u8[digit];
    }
}
