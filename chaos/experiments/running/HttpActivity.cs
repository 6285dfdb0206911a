using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Sends a request as an activity: status, headers and body are what it gives, whatever the status is.</summary>
internal static class HttpActivity
{
    private const int MostBody = 1024 * 1024;

    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    public static async Task<ActivityOutput> RunAsync(Provider.Http provider, TimeProvider time, CancellationToken stop)
    {
        var timeout = provider.Timeout is { Ticks: > 0 } given ? given : UsualTimeout;
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        using var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = System.Net.DecompressionMethods.All,
#pragma warning disable CA5359 // Only where the experiment says verify_tls: false.
            SslOptions = new() { RemoteCertificateValidationCallback = provider.VerifyTls ? null : (_, _, _, _) => true },
#pragma warning restore CA5359
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var request = Request(provider);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var headers = new JsonObject();
            foreach (var header in response.Headers.Concat(response.Content.Headers))
                headers[header.Key] = string.Join(", ", header.Value);
            var body = await BodyAsync(response, either.Token);
            return new(new JsonObject { ["status"] = (int)response.StatusCode, ["headers"] = headers, ["body"] = body });
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(null, $"no answer from {provider.Url} within {DurationText.Of(timeout)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(null, $"{provider.Method} {provider.Url} failed: {e.Message.TrimEnd('.')}");
        }
    }

    private static HttpRequestMessage Request(Provider.Http provider)
    {
        var query = provider.Method == "GET" && provider.Body is JsonObject { Count: > 0 } parameters ? string.Join('&', Pairs(parameters).Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}")) : "";
        var url = query.Length == 0 ? provider.Url : $"{provider.Url}{(provider.Url.Contains('?') ? '&' : '?')}{query}";
        var request = new HttpRequestMessage(new(provider.Method), url);
        if (provider.Method != "GET" && provider.Body is { } body)
            request.Content = Content(body, provider.Headers);
        foreach (var (name, value) in provider.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return request;
    }

    // A map is a form, as Chaos Toolkit sends it, unless the headers say that JSON is meant.
    private static HttpContent Content(JsonNode body, IReadOnlyDictionary<string, string> headers)
    {
        var isJson = headers.Any(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && h.Value.Contains("json", StringComparison.OrdinalIgnoreCase));
        return body switch
        {
            JsonObject form when !isJson => new FormUrlEncodedContent(Pairs(form)),
            JsonValue text when text.GetValueKind() == JsonValueKind.String => new StringContent(text.GetValue<string>(), Encoding.UTF8),
            _ => new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonObject map) => map.SelectMany(e => e.Value switch
    {
        null => [],
        JsonArray list => list.Select(i => KeyValuePair.Create(e.Key, i?.ToString() ?? "")),
        var value => [KeyValuePair.Create(e.Key, value.ToString())],
    });

    private static async Task<JsonNode?> BodyAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var bytes = new byte[MostBody];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return response.Content.Headers.ContentType?.MediaType == "application/json" ? OwnCall.JsonOf(text) : text;
    }
}
