using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pressure.Mirror;

/// <summary>
/// An answer in chunks with fields after its body. The server in front writes chunks without such fields, so where production announces some the chunks
/// are written here.
/// </summary>
internal sealed class TrailedAnswer(Stream inner) : PassingStream
{
    private readonly byte[] _size = new byte[10];

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Whether an answer is one.</summary>
    public static bool Is(HttpContext context, HttpResponseMessage answer) =>
        answer.Headers.TransferEncodingChunked == true && answer.Headers.NonValidated.Contains("Trailer") && context.Request.Protocol == "HTTP/1.1";

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return;
        buffer.Length.TryFormat(_size, out var digits, "x", CultureInfo.InvariantCulture);
        (_size[digits], _size[digits + 1]) = ((byte)'\r', (byte)'\n');
        await inner.WriteAsync(_size.AsMemory(0, digits + 2), cancellationToken);
        await inner.WriteAsync(buffer, cancellationToken);
        await inner.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <summary>Writes the last chunk and the fields.</summary>
    public async Task EndAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var end = new StringBuilder("0\r\n");
        foreach (var (name, values) in answer.TrailingHeaders.NonValidated)
        {
            foreach (var value in values)
                end.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        await inner.WriteAsync(Encoding.Latin1.GetBytes(end.Append("\r\n").ToString()), stop);
    }
}
