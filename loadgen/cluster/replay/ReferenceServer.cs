using System.Buffers;
using System.Net.Security;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>A server whose answers a replay's are held against.</summary>
internal sealed class ReferenceServer : IDisposable
{
    /// <summary>As much of a body is kept as the engine keeps of the candidate's; further on it is only counted, up to a limit.</summary>
    private const int MostKept = 256 << 10, MostCounted = 16 << 20;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private static readonly UriCreationOptions AsItStands = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Uri _address;
    private readonly string _path;
    private readonly string _targetHost;
    private readonly string _targetPath;
    private readonly HttpMessageInvoker _http;

    /// <param name="address">Where it is.</param>
    /// <param name="target">The replay's target: requests that name it name this server instead.</param>
    /// <param name="insecure">Whether its certificate is not checked.</param>
    public ReferenceServer(Uri address, Uri target, bool insecure)
    {
        (_address, _targetHost) = (address, target.Authority);
        (_path, _targetPath) = (address.AbsolutePath.TrimEnd('/'), target.AbsolutePath.TrimEnd('/'));
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        if (insecure)
#pragma warning disable CA5359 // Asked for by the plan.
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>Sends a request as it would go to the target; null when no whole answer came.</summary>
    public async Task<CapturedMessage?> AskAsync(ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(MostTime);
        try
        {
            using var message = Message(request);
            using var response = await _http.SendAsync(message, limit.Token);
            var (body, length) = await ReadAsync(response, limit.Token);
            return new CapturedMessage(Encoding.Latin1.GetBytes(Head(response)), body, length);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or UriFormatException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Message(ReadOnlyMemory<byte> request)
    {
        var end = request.Span.IndexOf("\r\n\r\n"u8);
        var body = request[(end + 4)..];
        var head = new HttpHead(request.Span[..(end + 2)]);
        var url = new Uri($"{_address.Scheme}://{_address.Authority}{TargetHere(Encoding.Latin1.GetString(head.Target))}", AsItStands);
        var message = new HttpRequestMessage(new HttpMethod(Encoding.Latin1.GetString(head.Method)), url) { VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (body.Length > 0 || head.Has("content-length"u8))
            message.Content = new ReadOnlyMemoryContent(body);
        foreach (var field in head)
            Add(message, Encoding.Latin1.GetString(field.Name), Encoding.Latin1.GetString(field.Value));
        return message;
    }

    /// <summary>Where the replay's target has a path of its own, this server has its.</summary>
    private string TargetHere(string sent) => _path + (sent.StartsWith(_targetPath, StringComparison.Ordinal) ? sent[_targetPath.Length..] : sent);

    private void Add(HttpRequestMessage message, string name, string value)
    {
        switch (name.ToLowerInvariant())
        {
            case "host" when value == _targetHost:
            case "content-length" or "transfer-encoding" or "connection" or "":
                break;
            case "host":
                message.Headers.Host = value;
                break;
            default:
                if (!message.Headers.TryAddWithoutValidation(name, value))
                    message.Content?.Headers.TryAddWithoutValidation(name, value);
                break;
        }
    }

    private static string Head(HttpResponseMessage response)
    {
        var head = new StringBuilder($"HTTP/1.1 {(int)response.StatusCode} \r\n");
        foreach (var field in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            foreach (var value in field.Value)
                head.Append(field.Key).Append(": ").Append(value).Append("\r\n");
        }
        return head.ToString();
    }

    private static async Task<(byte[] Body, long Length)> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await using var from = await response.Content.ReadAsStreamAsync(stop);
        var kept = new ArrayBufferWriter<byte>();
        var buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
        var length = 0L;
        try
        {
            for (int read; length < MostCounted && (read = await from.ReadAsync(buffer, stop)) > 0; length += read)
                kept.Write(buffer.AsSpan(0, Math.Min(read, MostKept - kept.WrittenCount)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return (kept.WrittenSpan.ToArray(), length);
    }
}
