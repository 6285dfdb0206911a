using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A container engine's API over its unix socket, as much of it as faults need.</summary>
/// <param name="socket">Path of the socket.</param>
/// <param name="patience">How long an answer may take; a stop of a container takes its own time besides.</param>
public sealed class DockerApi(string socket, TimeSpan? patience = null) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(socket, stop), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = new Uri("http://docker/v1.41/"),
        Timeout = patience ?? TimeSpan.FromSeconds(30),
    };

    /// <summary>What the engine knows of a container, by id or name; null if there is none.</summary>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    public async Task<JsonObject?> InspectAsync(string container, CancellationToken stop)
    {
        try
        {
            return (JsonObject?)await AskAsync(HttpMethod.Get, $"containers/{Uri.EscapeDataString(container)}/json", null, stop);
        }
        catch (DockerException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Sends a request; the answer's JSON, null if it has none.</summary>
    /// <exception cref="DockerException">The engine can't be asked, or says no.</exception>
    public async Task<JsonNode?> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        try
        {
            using var response = await _http.SendAsync(request, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            if (response.StatusCode >= HttpStatusCode.BadRequest)
                throw new DockerException($"The container engine says {(int)response.StatusCode}: {MessageOf(text)}", response.StatusCode);
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new DockerException(Unreachable(e), null, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string Unreachable(Exception e) => (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"The container engine's socket {socket} is denied to this user. Run as root or as a member of the group that owns it.",
        SocketError.AddressNotAvailable or SocketError.ConnectionRefused => $"No container engine answers on {socket}. Start it, or name its socket with DOCKER_HOST=unix:///path.",
        _ => $"The container engine on {socket} can't be asked: {e.Message}",
    };

    private static string MessageOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["message"]?.GetValue<string>() ?? text;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken stop)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>The container engine can't be asked, or says no.</summary>
/// <param name="message">What was wrong and what to do, for people.</param>
/// <param name="status">What it answered; null if it did not.</param>
/// <param name="inner">What told of it.</param>
public sealed class DockerException(string message, HttpStatusCode? status, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it answered; null if it did not.</summary>
    public HttpStatusCode? Status => status;
}
