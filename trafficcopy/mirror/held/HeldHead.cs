using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>
/// Start line and fields as the server or the client library has them: text that exists anyway, so that keeping it costs no copy where clients wait.
/// </summary>
internal sealed class HeldHead
{
    // What a field takes besides its text, and an exchange besides all of that.
    private const int FieldOverhead = 24, Overhead = 600;

    private readonly List<(string Name, string Value)> _fields;

    private HeldHead(string startLine, List<(string, string)> fields) => (StartLine, _fields) = (startLine, fields);

    /// <summary><c>GET /a?b=1 HTTP/1.1</c>, <c>HTTP/1.1 200 OK</c>.</summary>
    public string StartLine { get; }

    /// <summary>The fields, as they came.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    /// <summary>Bytes of memory, about.</summary>
    public int Size { get; private init; }

    /// <summary>A request's.</summary>
    public static HeldHead Of(HttpRequest request, string target)
    {
        var fields = new List<(string, string)>(request.Headers.Count);
        var size = 0;
        foreach (var (name, values) in request.Headers)
        {
            for (var i = 0; i < values.Count; i++)
                size += Add(fields, name, values[i] ?? "");
        }
        var line = $"{request.Method} {target} {request.Protocol}";
        return new HeldHead(line, fields) { Size = size + Overhead + (line.Length * sizeof(char)) };
    }

    /// <summary>A response's.</summary>
    public static HeldHead Of(HttpResponseMessage response)
    {
        var fields = new List<(string, string)>();
        var size = Add(fields, response.Headers) + Add(fields, response.Content.Headers);
        return new HeldHead($"HTTP/1.1 {(int)response.StatusCode} {response.ReasonPhrase}", fields) { Size = size + Overhead };
    }

    /// <summary>As it is written in captures.</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>(Size / sizeof(char));
        var writer = new HttpHeadWriter(bytes);
        writer.StartLine(Encoding.Latin1.GetBytes(StartLine));
        // A field's bytes were read one by one as letters, and become what they were.
        foreach (var (name, value) in _fields)
            writer.Field(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
        return bytes.WrittenSpan.ToArray();
    }

    private static int Add(List<(string, string)> fields, HttpHeaders headers)
    {
        var size = 0;
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
                size += Add(fields, name, value);
        }
        return size;
    }

    private static int Add(List<(string, string)> fields, string name, string value)
    {
        fields.Add((name, value));
        // Names are nearly always ones that the server knows and shares.
        return FieldOverhead + ((name.Length + value.Length) * sizeof(char));
    }
}
