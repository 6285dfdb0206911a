using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>A field as it stands in a table.</summary>
internal readonly record struct HpackField(byte[] Name, byte[] Value)
{
    /// <summary>What a table counts beside a field's bytes (RFC 7541, 4.1).</summary>
    private const int Overhead = 32;

    public int Size => Name.Length + Value.Length + Overhead;
}

/// <summary>The fields that one direction may refer to by number: those of the RFC, then those that were said before, the latest first.</summary>
internal sealed class HpackTable
{
    /// <summary>Whatever the peers agreed on, no more is kept.</summary>
    public const int Largest = 64 << 10;

    /// <summary>RFC 7541, appendix A, from number 1.</summary>
    private static readonly HpackField[] Fixed =
    [
        Of(":authority"), Of(":method", "GET"), Of(":method", "POST"), Of(":path", "/"), Of(":path", "/index.html"), Of(":scheme", "http"), Of(":scheme", "https"),
        Of(":status", "200"), Of(":status", "204"), Of(":status", "206"), Of(":status", "304"), Of(":status", "400"), Of(":status", "404"), Of(":status", "500"),
        Of("accept-charset"), Of("accept-encoding", "gzip, deflate"), Of("accept-language"), Of("accept-ranges"), Of("accept"), Of("access-control-allow-origin"),
        Of("age"), Of("allow"), Of("authorization"), Of("cache-control"), Of("content-disposition"), Of("content-encoding"), Of("content-language"),
        Of("content-length"), Of("content-location"), Of("content-range"), Of("content-type"), Of("cookie"), Of("date"), Of("etag"), Of("expect"), Of("expires"),
        Of("from"), Of("host"), Of("if-match"), Of("if-modified-since"), Of("if-none-match"), Of("if-range"), Of("if-unmodified-since"), Of("last-modified"),
        Of("link"), Of("location"), Of("max-forwards"), Of("proxy-authenticate"), Of("proxy-authorization"), Of("range"), Of("referer"), Of("refresh"),
        Of("retry-after"), Of("server"), Of("set-cookie"), Of("strict-transport-security"), Of("transfer-encoding"), Of("user-agent"), Of("vary"), Of("via"),
        Of("www-authenticate"),
    ];

    private readonly List<HpackField> _said = [];
    private int _size;
    private int _most = 4096;

    /// <summary>The field of a number; null if there is none.</summary>
    public HpackField? this[int number] =>
        number < 1 ? null : number <= Fixed.Length ? Fixed[number - 1] : number - Fixed.Length <= _said.Count ? _said[^(number - Fixed.Length)] : null;

    /// <summary>Keeps a field as the latest one; the oldest ones go as it takes room, and so does it if it is too large.</summary>
    public void Add(in HpackField field)
    {
        Shrink(_most - field.Size);
        if (field.Size > _most)
            return;
        _said.Add(field);
        _size += field.Size;
    }

    /// <summary>Changes how much is kept; false if that is too much.</summary>
    public bool TryResize(int most)
    {
        if (most > Largest)
            return false;
        _most = most;
        Shrink(most);
        return true;
    }

    private void Shrink(int to)
    {
        var gone = 0;
        for (; gone < _said.Count && _size > to; gone++)
            _size -= _said[gone].Size;
        _said.RemoveRange(0, gone);
    }

    private static HpackField Of(string name, string value = "") => new(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
}
