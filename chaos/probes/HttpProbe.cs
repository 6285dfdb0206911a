using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Sends a request, each time on a connection of its own: what is asked is whether a new customer would be served.</summary>
internal sealed class HttpProbe(Uri url, HttpMethod method, IReadOnlyDictionary<string, string> headers, string contains, bool verifyTls, TimeSpan timeout, TimeProvider time) : IProbe
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>Makes one; what is wrong is noted.</summary>
    public static HttpProbe Create(ProbeArguments arguments, TimeProvider time)
    {
        if (!Uri.TryCreate(arguments.Text("url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            arguments.Problem($"'{arguments.Text("url")}' is no address (http://host:port/path).");
            url = new Uri("http://invalid.invalid/");
        }
        var method = arguments.Text("method").ToUpperInvariant();
        if (method.Length is 0 or > 20 || !method.All(char.IsAsciiLetter))
            arguments.Problem($"'{method}' is no method (GET, HEAD, POST).");
        var headers = arguments.Texts("headers");
        foreach (var name in headers.Keys.Where(n => n.Length == 0 || n.Any(c => c is <= ' ' or >= (char)127 or ':')))
            arguments.Problem($"'{name}' is no name of a header.");
        foreach (var (name, _) in headers.Where(h => h.Value.Any(char.IsControl)))
            arguments.Problem($"The value of the header '{name}' holds line breaks or the like.");
        // Whatever stands in for what is wrong is never asked: the check that follows throws.
        return new HttpProbe(url, method.Length > 0 && method.All(char.IsAsciiLetter) ? new HttpMethod(method) : HttpMethod.Get, headers, arguments.Text("contains"), arguments.Flag("verify-tls"), arguments.Duration("timeout"), time);
    }

    /// <inheritdoc/>
    public async Task<ProbeValue> AskAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await SendAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ProbeValue(null, $"{url} did not answer within {timeout.TotalSeconds:0.###} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ProbeValue(null, $"{url} can't be asked: {e.Message}");
        }
    }

    private async Task<ProbeValue> SendAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, url);
        foreach (var (name, header) in headers)
            request.Headers.TryAddWithoutValidation(name, header);
        var begun = time.GetTimestamp();
        using var http = Client();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        var body = await BodyAsync(response, stop);
        var value = new JsonObject
        {
            ["status"] = (int)response.StatusCode,
            ["headers"] = new JsonObject(response.Headers.Concat(response.Content.Headers).Select(h => KeyValuePair.Create(h.Key.ToLowerInvariant(), (JsonNode?)string.Join(", ", h.Value)))),
            ["body"] = body,
            ["duration"] = time.GetElapsedTime(begun).TotalSeconds,
        };
        return new ProbeValue(value, body.Contains(contains, StringComparison.Ordinal) ? null : $"{url} answers {(int)response.StatusCode}, and its body does not hold '{contains}'.");
    }

    private HttpClient Client()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (!verifyTls)
        {
#pragma warning disable CA5359 // Whoever writes the experiment wants it so: a system under test often has a certificate of its own.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The body's beginning: nobody compares more.</summary>
    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var bytes = new byte[MaxBodyBytes];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
