using System.Buffers;
using System.IO.Compression;

namespace Pressure.TrafficCopy;

/// <summary>A body without its content codings, as far as the limit goes.</summary>
/// <param name="Bytes">What it is.</param>
/// <param name="LeftOut">What is missing, if anything.</param>
public readonly record struct DecodedBody(ReadOnlyMemory<byte> Bytes, LeftOut LeftOut);

/// <summary>Undoes content codings, with a limit: a few kilobytes can become gigabytes.</summary>
public static class BodyDecoder
{
    private const int MostCodings = 3;

    /// <summary>Undoes them.</summary>
    /// <param name="body">The body as it came.</param>
    /// <param name="contentEncoding">The field's value; null for none.</param>
    /// <param name="isCut">Whether its end was not kept: then what came out until there is the answer.</param>
    /// <param name="limit">How many bytes may come out.</param>
    /// <returns>What came out; the body as it came, with <see cref="LeftOut.Encoding"/>, if it has a coding that is not known.</returns>
    public static DecodedBody Decode(ReadOnlyMemory<byte> body, string? contentEncoding, bool isCut, int limit)
    {
        var left = isCut ? LeftOut.Cut : LeftOut.None;
        var codings = (contentEncoding ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(c => !c.Equals("identity", StringComparison.OrdinalIgnoreCase)).Reverse().ToList();
        if (codings.Count > MostCodings || !codings.All(IsKnown))
            return new DecodedBody(body, left | LeftOut.Encoding);
        foreach (var coding in codings)
        {
            if (body.IsEmpty)
                break;
            var (bytes, missing) = Undo(body, coding, limit);
            left |= missing;
            if (missing == LeftOut.Encoding && bytes.IsEmpty && !isCut)
                return new DecodedBody(body, left);
            body = bytes;
        }
        return body.Length <= limit ? new DecodedBody(body, left) : new DecodedBody(body[..limit], left | LeftOut.Large);
    }

    private static bool IsKnown(string coding) => coding.ToLowerInvariant() is "gzip" or "x-gzip" or "deflate" or "br";

    private static (ReadOnlyMemory<byte> Bytes, LeftOut Missing) Undo(ReadOnlyMemory<byte> body, string coding, int limit)
    {
        var to = new ArrayBufferWriter<byte>(Math.Min(limit, 4 * body.Length + 256));
        try
        {
            using var from = Open(body, coding.ToLowerInvariant());
            while (to.WrittenCount <= limit)
            {
                var read = from.Read(to.GetSpan(4096));
                if (read == 0)
                    return (to.WrittenMemory, LeftOut.None);
                to.Advance(read);
            }
            return (to.WrittenMemory[..limit], LeftOut.Large);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException)
        {
            // Broken, or torn off: what came out until then is what there is.
            return (to.WrittenMemory, LeftOut.Encoding);
        }
    }

    private static Stream Open(ReadOnlyMemory<byte> body, string coding)
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(body.ToArray(), writable: false);
        return coding switch
        {
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            "deflate" when IsZlib(body.Span) => new ZLibStream(bytes, CompressionMode.Decompress),
            "deflate" => new DeflateStream(bytes, CompressionMode.Decompress),
            _ => new GZipStream(bytes, CompressionMode.Decompress),
        };
    }

    /// <summary>By the standard it is zlib's format; some send it bare.</summary>
    private static bool IsZlib(ReadOnlySpan<byte> body) => body.Length >= 2 && (body[0] & 0x0F) == 8 && ((body[0] << 8) | body[1]) % 31 == 0;
}
