using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>What is kept of one response for a person to look at.</summary>
internal sealed class ResponseCopy
{
    private const int KeptBytes = 16 * 1024;

    private readonly byte[] _body = new byte[KeptBytes];
    private int _kept;
    private Encoding _encoding = Encoding.UTF8;

    /// <summary>The status; 0 without a response.</summary>
    public int Status { get; private set; }

    /// <summary>Header fields as they came.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>Checks that did not hold, in words.</summary>
    public List<string> FailedChecks { get; } = [];

    /// <summary>The body's length as far as it was read.</summary>
    public long BodyLength { get; private set; }

    /// <summary>The body's start as text; what is not valid in its charset is replaced.</summary>
    public string BodyStart => _encoding.GetString(_body, 0, _kept);

    /// <summary>Where the requests went, redirects included.</summary>
    public List<Uri> Urls { get; } = [];

    /// <summary>Takes the head; what was kept of the response before, a redirect, is thrown away.</summary>
    public void Take(HttpResponseMessage response)
    {
        Headers.Clear();
        (_kept, BodyLength) = (0, 0);
        Status = (int)response.StatusCode;
        foreach (var headers in new[] { response.Headers.NonValidated, response.Content.Headers.NonValidated })
            Headers.AddRange(headers.SelectMany(h => h.Value.Select(v => new KeyValuePair<string, string>(h.Key, v))));
        _encoding = EncodingOf(response.Content.Headers.ContentType?.CharSet);
    }

    /// <summary>Takes a message, if there is one.</summary>
    public void TakeMessage(byte[]? message) => Take(message.AsSpan());

    /// <summary>Takes a piece of the body.</summary>
    public void Take(ReadOnlySpan<byte> piece)
    {
        BodyLength += piece.Length;
        var kept = piece[..Math.Min(piece.Length, KeptBytes - _kept)];
        kept.CopyTo(_body.AsSpan(_kept));
        _kept += kept.Length;
    }

    private static Encoding EncodingOf(string? charset)
    {
        var name = charset?.Trim('"') ?? "utf-8";
        try
        {
            // Asked directly: registering the provider would change the whole process.
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
