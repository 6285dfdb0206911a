using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Opens WebSockets (RFC 6455, section 4) over SocketsHttpHandler, so that TLS, proxies and headers are those of every other request.
/// ClientWebSocket does the same but hides the answer: its status, cookies and why it failed.
/// </summary>
internal static class WebSocketHandshake
{
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>The WebSocket, or null and what failed; the outcome has the status of whatever answer came.</summary>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    public static async Task<(WebSocket? Socket, HandlerOutcome Outcome)> OpenAsync(
        HttpMessageInvoker invoker, HandlerRequest request, IReadOnlyList<string> subprotocols, IterationScope? scope, TraceId trace, ResponseCopy? tried, HandlerPhases? phases, CancellationToken cancel)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var hop = request.Begin(scope);
        using var message = request.Message(trace, scope, hop);
        message.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        message.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        message.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        message.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", key);
        if (subprotocols.Count > 0)
            message.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", string.Join(", ", subprotocols));
        if (phases is not null)
            message.Options.Set(HandlerPhases.Key, phases);
        var response = await invoker.SendAsync(message, cancel);
        phases?.Heard();
        tried?.Take(response);
        var body = new BodyCheck();
        body.Begin(request.Checks);
        var received = TakeHead(response, body);
        var status = (int)response.StatusCode;
        var error = ErrorOf(response, key, subprotocols);
        if (error == RequestError.None && !request.Checks.Take(body, scope, hop.Url, tried?.FailedChecks))
            error = RequestError.ExtractionFailed;
        body.Release();
        var outcome = new HandlerOutcome(error, status, default, received);
        if (error is RequestError.None or RequestError.ExtractionFailed)
        {
            var options = new WebSocketCreationOptions { SubProtocol = HeaderOf(response, "Sec-WebSocket-Protocol"), KeepAliveInterval = TimeSpan.Zero };
            return (WebSocket.CreateFromStream(await response.Content.ReadAsStreamAsync(cancel), options), outcome);
        }

        response.Dispose();
        return (null, outcome);
    }

    private static RequestError ErrorOf(HttpResponseMessage response, string key, IReadOnlyList<string> subprotocols)
    {
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            return RequestError.HandshakeRefused;
        // That is what the specification has the hash for, and nothing more.
#pragma warning disable CA5350
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
        var chosen = HeaderOf(response, "Sec-WebSocket-Protocol");
        return HeaderOf(response, "Sec-WebSocket-Accept") == accept
            && "websocket".Equals(HeaderOf(response, "Upgrade"), StringComparison.OrdinalIgnoreCase)
            && HeaderOf(response, "Sec-WebSocket-Extensions") is null
            && (chosen is null || subprotocols.Contains(chosen, StringComparer.OrdinalIgnoreCase))
            ? RequestError.None
            : RequestError.MalformedResponse;
    }

    // Its length as HTTP/1.1 writes it.
    private static long TakeHead(HttpResponseMessage response, BodyCheck body)
    {
        long length = 17 + (response.ReasonPhrase?.Length ?? 0);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            foreach (var value in values)
            {
                length += name.Length + value.Length + 4;
                body.WriteField(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
            }
        }

        return length;
    }

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
