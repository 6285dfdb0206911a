using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>An answer's body, decoded when somebody looks at it, up to a limit.</summary>
internal ref struct AnswerBody(ReadOnlySpan<byte> encoded)
{
    /// <summary>How much of a body is looked at.</summary>
    public const int Most = 256 * 1024;

    private readonly ReadOnlySpan<byte> _encoded = encoded;
    private ReadOnlySpan<byte> _decoded;
    private bool _isDecoded;
    private string? _text;

    /// <summary>The body without its Content-Encoding; as far as it can be decoded.</summary>
    public ReadOnlySpan<byte> Decoded(ReadOnlySpan<byte> head)
    {
        if (_isDecoded)
            return _decoded;
        _isDecoded = true;
        var coding = new HttpHead(head).Combined("content-encoding"u8);
        _decoded = coding is null ? _encoded[..Math.Min(_encoded.Length, Most)] : Decode(coding, _encoded);
        return _decoded;
    }

    /// <summary>The same as a text.</summary>
    public string Text(ReadOnlySpan<byte> head) => _text ??= Encoding.UTF8.GetString(Decoded(head));

    // Of a body that is cut or damaged, what came out so far is all there is; of a coding that is not known, nothing.
    private static ReadOnlySpan<byte> Decode(string coding, ReadOnlySpan<byte> encoded)
    {
        ReadOnlyMemory<byte> whole = encoded.ToArray();
        var decoded = BodyDecoder.Decode(whole, coding, isCut: true, Most);
        return (decoded.LeftOut & LeftOut.Encoding) != 0 && decoded.Bytes.Equals(whole) ? default : decoded.Bytes.Span;
    }
}
