using System.Buffers;
using System.Buffers.Text;

namespace Pressure.TrafficCopy;

/// <summary>
/// Writes a head in the notation of <see cref="CapturedMessage.Head"/>: a start line, then fields, each ended by CRLF. What would end a line early
/// (CR, LF, NUL) becomes a space, so that no value can add fields of its own.
/// </summary>
public readonly struct HttpHeadWriter(IBufferWriter<byte> to)
{
    /// <summary>Writes a request's start line.</summary>
    public void Request(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target)
    {
        Clean(method);
        to.Write(" "u8);
        Clean(target);
        to.Write(" HTTP/1.1\r\n"u8);
    }

    /// <summary>Writes a response's start line.</summary>
    public void Response(int status, ReadOnlySpan<byte> reason = default)
    {
        to.Write("HTTP/1.1 "u8);
        Number(status);
        to.Write(" "u8);
        Clean(reason);
        to.Write("\r\n"u8);
    }

    /// <summary>Writes a start line as it is, without its end.</summary>
    public void StartLine(ReadOnlySpan<byte> line)
    {
        Clean(line);
        to.Write("\r\n"u8);
    }

    /// <summary>Writes a field.</summary>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Clean(name);
        to.Write(": "u8);
        Clean(value);
        to.Write("\r\n"u8);
    }

    /// <summary>Writes a field with a number.</summary>
    public void Field(ReadOnlySpan<byte> name, long value)
    {
        Clean(name);
        to.Write(": "u8);
        Number(value);
        to.Write("\r\n"u8);
    }

    /// <summary>Writes a field as it came.</summary>
    public void Field(HttpField field)
    {
        Clean(field.Line);
        to.Write("\r\n"u8);
    }

    private void Number(long value)
    {
        var room = to.GetSpan(20);
        Utf8Formatter.TryFormat(value, room, out var written);
        to.Advance(written);
    }

    private void Clean(ReadOnlySpan<byte> text)
    {
        var room = to.GetSpan(text.Length);
        text.CopyTo(room);
        for (var rest = room[..text.Length]; rest.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) is var at and >= 0; rest = rest[(at + 1)..])
            rest[at] = (byte)' ';
        to.Advance(text.Length);
    }
}
