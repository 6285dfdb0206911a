namespace Pressure.TrafficCopy;

/// <summary>Writes decoded fields in the notation of HTTP/1.1.</summary>
internal static class HeadOfFields
{
    /// <summary>A request's head: its pseudo fields become start line and Host, and the pieces of its cookies one field.</summary>
    public static void WriteRequest(List<HpackField> fields, HttpHeadWriter to)
    {
        to.Request(Find(fields, ":method"u8), Find(fields, ":path"u8) is { Length: > 0 } path ? path : Find(fields, ":authority"u8));
        var authority = Find(fields, ":authority"u8);
        if (authority.Length > 0 && Find(fields, "host"u8).Length == 0)
            to.Field("host"u8, authority);
        WriteFields(fields, to);
    }

    /// <summary>A response's head.</summary>
    public static void WriteResponse(int status, List<HpackField> fields, HttpHeadWriter to)
    {
        to.Response(status);
        WriteFields(fields, to);
    }

    /// <summary>A response's status; 0 if it has none.</summary>
    public static int StatusOf(List<HpackField> fields) =>
        Find(fields, ":status"u8) is { Length: 3 } digits && int.TryParse(digits, out var status) ? status : 0;

    /// <summary>Whether they begin a request.</summary>
    public static bool AreRequest(List<HpackField> fields) => Find(fields, ":method"u8).Length > 0;

    private static void WriteFields(List<HpackField> fields, HttpHeadWriter to)
    {
        var cookies = new List<byte>();
        foreach (var (name, value) in fields)
        {
            if (name is [(byte)':', ..] or [])
                continue;
            if (!name.AsSpan().SequenceEqual("cookie"u8))
            {
                to.Field(name, value);
                continue;
            }
            if (cookies.Count > 0)
                cookies.AddRange("; "u8);
            cookies.AddRange(value);
        }
        if (cookies.Count > 0)
            to.Field("cookie"u8, [.. cookies]);
    }

    private static ReadOnlySpan<byte> Find(List<HpackField> fields, ReadOnlySpan<byte> name)
    {
        foreach (var field in fields)
        {
            if (name.SequenceEqual(field.Name))
                return field.Value;
        }
        return default;
    }
}
