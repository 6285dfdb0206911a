using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pressure.TrafficCopy;

/// <summary>Makes messages of what a HAR entry says of them.</summary>
internal static class HarMessages
{
    /// <summary>The request, and whether its body is not there though there was one.</summary>
    public static (CapturedMessage Message, bool IsCut) Request(JsonElement request, HarUrl url)
    {
        var body = RequestBody(request.Get("postData"));
        var told = Math.Max(0, request.Get("bodySize").AsLong());
        var length = body is null ? told : body.Length;
        var head = new ArrayBufferWriter<byte>();
        var writer = new HttpHeadWriter(head);
        writer.Request(Bytes(request.Text("method")), Bytes(url.Target));
        var (hasHost, hasType) = (false, false);
        foreach (var (name, value) in Fields(request))
        {
            hasHost |= name.Equals("host", StringComparison.OrdinalIgnoreCase);
            hasType |= name.Equals("content-type", StringComparison.OrdinalIgnoreCase);
            WriteField(writer, name, value, length);
        }

        if (!hasHost)
            writer.Field("Host"u8, Bytes(url.Authority));
        if (!hasType && request.Get("postData").Text("mimeType") is { Length: > 0 } type)
            writer.Field("Content-Type"u8, Bytes(type));
        return (new(head.WrittenMemory, body, length), body is null && told > 0);
    }

    /// <summary>The response, and whether its body is not there though there was one; null if there was none.</summary>
    public static (CapturedMessage Message, bool IsCut)? Response(JsonElement response)
    {
        var status = response.Get("status").AsLong();
        if (status is < 100 or > 999)
            return null;
        var content = response.Get("content");
        var body = Decoded(content.Text("text"), content.Text("encoding"));
        var told = Math.Max(0, content.Get("size").AsLong());
        var isCut = body is null && told > 0;
        var length = body is null ? told : body.Length;
        var head = new ArrayBufferWriter<byte>();
        var writer = new HttpHeadWriter(head);
        writer.Response((int)status, Bytes(response.Text("statusText")));
        foreach (var (name, value) in Fields(response))
        {
            // What is here is the content, without codings and chunks.
            if (body is not null && (name.Equals("content-encoding", StringComparison.OrdinalIgnoreCase) || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)))
                continue;
            WriteField(writer, name, value, body is null ? null : length);
        }

        return (new(head.WrittenMemory, body, length), isCut);
    }

    private static void WriteField(HttpHeadWriter writer, string name, string value, long? length)
    {
        // Pseudo fields of HTTP/2 stand in the start line.
        if (name.Length == 0 || name[0] == ':')
            return;
        if (length is { } right && name.Equals("content-length", StringComparison.OrdinalIgnoreCase))
            writer.Field(Bytes(name), right);
        // Some join fields of the same name by line ends; cookies that are set must not be joined by anything else.
        else if (value.Contains('\n'))
            Array.ForEach(value.Split('\n'), v => writer.Field(Bytes(name), Bytes(v.Trim())));
        else
            writer.Field(Bytes(name), Bytes(value));
    }

    private static IEnumerable<(string Name, string Value)> Fields(JsonElement message) =>
        message.Get("headers").Items().Select(h => (h.Text("name") ?? "", h.Text("value") ?? ""));

    private static byte[]? RequestBody(JsonElement data)
    {
        if (data.Text("text") is { } text && (text.Length > 0 || data.Get("params").Items().Length == 0))
            return Decoded(text, data.Text("encoding"));
        var pairs = data.Get("params").Items();
        var type = data.Text("mimeType") ?? "";
        // Of a multipart form nobody can tell the bytes from its parts.
        return pairs.Length == 0 || type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            ? null
            : Encoding.UTF8.GetBytes(string.Join('&', pairs.Select(p => $"{Escaped(p.Text("name"))}={Escaped(p.Text("value"))}")));
    }

    private static byte[]? Decoded(string? text, string? encoding)
    {
        if (text is null)
            return null;
        if (!string.Equals(encoding, "base64", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8.GetBytes(text);
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    // Browsers give the values as they were sent or as they mean; what needs no escape stays.
    private static string Escaped(string? text) => text is null ? "" : text.Contains('%') ? text : Uri.EscapeDataString(text);

    private static byte[] Bytes(string? text) => Encoding.UTF8.GetBytes(text ?? "");
}

/// <summary>The parts of a HAR entry's URL.</summary>
/// <param name="Scheme">In lower case.</param>
/// <param name="Authority">Host, and port if it is given.</param>
/// <param name="Target">Path and query as they are written.</param>
internal readonly record struct HarUrl(string Scheme, string Authority, string Target)
{
    /// <summary>The port.</summary>
    public int Port => Authority.LastIndexOf(':') is > 0 and var colon && int.TryParse(Authority.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
        ? port
        : Scheme is "https" or "wss" ? 443 : 80;

    /// <summary>Whether it went over a network by HTTP.</summary>
    public bool IsHttp => Scheme is "http" or "https" or "ws" or "wss" && Authority.Length > 0;

    public static HarUrl Of(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return new(url.Split(':')[0].ToLowerInvariant(), "", "");
        var rest = url[(scheme + 3)..].Split('#')[0];
        var end = rest.IndexOfAny(['/', '?']);
        var authority = end < 0 ? rest : rest[..end];
        var target = end < 0 ? "/" : rest[end] == '?' ? "/" + rest[end..] : rest[end..];
        return new(url[..scheme].ToLowerInvariant(), authority[(authority.LastIndexOf('@') + 1)..], target);
    }
}

/// <summary>Reading JSON that may be of any shape.</summary>
internal static class HarJson
{
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(this JsonElement element, string name)
    {
        var value = element.Get(name);
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        // Half a surrogate pair.
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static JsonElement[] Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [];

    public static double AsNumber(this JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) ? value : 0;

    public static long AsLong(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number ? element.TryGetInt64(out var value) ? value : (long)Math.Clamp(element.AsNumber(), long.MinValue, long.MaxValue)
        : 0;
}
