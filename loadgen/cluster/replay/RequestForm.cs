using System.Buffers;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>What captured requests look like: the parts of a target, and which fields belong to one hop only.</summary>
internal static class RequestForm
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> BreakingBytes = SearchValues.Create("\0\r\n"u8);

    private static readonly SearchValues<byte> OutOfTarget = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(b => (byte)b), 0x7F]);

    /// <summary>Whether it can be sent on: a word, a target without spaces, and fields with names. Whatever else may be wrong with it was so when it was captured.</summary>
    public static bool IsSound(HttpHead head)
    {
        if (!IsToken(head.Method) || head.Target.IsEmpty || head.Target.ContainsAny(OutOfTarget))
            return false;
        foreach (var field in head)
        {
            // The name right from the line's begin to its colon: anything else is read differently by different servers.
            if (!IsToken(field.Name) || field.Line.IndexOf((byte)':') != field.Name.Length || field.Value.ContainsAny(BreakingBytes))
                return false;
        }

        return true;
    }

    /// <summary>A target without scheme and host; <c>*</c> stays.</summary>
    public static ReadOnlySpan<byte> OriginForm(ReadOnlySpan<byte> target)
    {
        if (target is [(byte)'/' or (byte)'*', ..])
            return target;
        var scheme = target.IndexOf("://"u8);
        if (scheme < 0)
            return target;
        var rest = target[(scheme + 3)..];
        var path = rest.IndexOfAny((byte)'/', (byte)'?');
        return path < 0 ? "/"u8 : rest[path..];
    }

    /// <summary>A target's path, without query.</summary>
    public static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> target)
    {
        var origin = OriginForm(target);
        var end = origin.IndexOfAny((byte)'?', (byte)'#');
        return end < 0 ? origin : origin[..end];
    }

    /// <summary>Whom a request was meant for: of the target, else of the field Host; empty if nothing says.</summary>
    public static ReadOnlySpan<byte> HostOf(HttpHead head)
    {
        var target = head.Target;
        var scheme = target is [(byte)'/', ..] ? -1 : target.IndexOf("://"u8);
        if (scheme < 0)
            return head.TryFind("host"u8, out var host) ? host : default;
        var rest = target[(scheme + 3)..];
        var end = rest.IndexOfAny((byte)'/', (byte)'?');
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>A host without its port.</summary>
    public static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> host)
    {
        var colon = host.LastIndexOf((byte)':');
        return colon <= host.LastIndexOf((byte)']') ? host : host[..colon];
    }

    /// <summary>Whether a field is about one connection or its framing, or is set anew for every run: it never goes out as it was captured.</summary>
    public static bool IsOwn(HttpField field) => field.Name.Length switch
    {
        2 => field.Is("te"u8),
        4 => field.Is("host"u8),
        6 => field.Is("expect"u8),
        7 => field.Is("trailer"u8) || field.Is("upgrade"u8) || field.Is("baggage"u8),
        10 => field.Is("connection"u8) || field.Is("keep-alive"u8) || field.Is("tracestate"u8),
        11 => field.Is("traceparent"u8),
        14 => field.Is("content-length"u8) || field.Is("http2-settings"u8) || field.Is("x-pressure-run"u8),
        16 => field.Is("proxy-connection"u8),
        17 => field.Is("transfer-encoding"u8),
        19 => field.Is("proxy-authorization"u8),
        _ => false,
    };

    /// <summary>The value of Connection if it names other fields, which then belong to one connection too; else empty.</summary>
    public static ReadOnlySpan<byte> NamedByConnection(HttpHead head) =>
        head.TryFind("connection"u8, out var value) && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8) && !Ascii.EqualsIgnoreCase(value, "close"u8) ? value : default;

    /// <summary>Whether a list of words has one.</summary>
    public static bool Lists(ReadOnlySpan<byte> words, ReadOnlySpan<byte> word)
    {
        while (!words.IsEmpty)
        {
            var comma = words.IndexOf((byte)',');
            var one = comma < 0 ? words : words[..comma];
            if (Ascii.EqualsIgnoreCase(one.Trim((byte)' '), word))
                return true;
            words = comma < 0 ? [] : words[(comma + 1)..];
        }

        return false;
    }

    private static bool IsToken(ReadOnlySpan<byte> word) => !word.IsEmpty && !word.ContainsAnyExcept(TokenBytes);
}
