using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A container engine's API over its unix socket, as much of it as faults need. Thread-safe.</summary>
/// <param name="socket">Path of the socket.</param>
/// <param name="patience">How long an answer may take; what takes its own time by nature (a stop with its grace) is given that besides.</param>
public sealed class DockerApi(string socket, TimeSpan? patience = null) : IDisposable
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(socket, stop), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = new Uri("http://docker/v1.41/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>What the engine knows of a container, by id or name; null if there is none.</summary>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    public async Task<JsonObject?> InspectAsync(string container, CancellationToken stop) =>
        (JsonObject?)await FindAsync($"containers/{Uri.EscapeDataString(container)}/json", stop);

    /// <summary>The containers there are, running or not, as the engine lists them.</summary>
    /// <param name="filters">The engine's own: <c>{"label":["shop=items"]}</c>; null for all.</param>
    /// <param name="stop">Gives it up.</param>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(JsonObject? filters, CancellationToken stop)
    {
        var answer = await AskAsync(HttpMethod.Get, $"containers/json?all=1{(filters is null ? "" : "&filters=" + Uri.EscapeDataString(filters.ToJsonString()))}", null, stop);
        return [.. (answer as JsonArray ?? []).OfType<JsonObject>()];
    }

    /// <summary>Asks for something that may not be there; null then.</summary>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    public async Task<JsonNode?> FindAsync(string path, CancellationToken stop)
    {
        try
        {
            return await AskAsync(HttpMethod.Get, path, null, stop);
        }
        catch (DockerException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Sends a request; the answer's JSON, null if it has none.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">What is asked for, after the version.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="stop">Gives it up.</param>
    /// <param name="takes">How long it takes by nature, besides the usual patience.</param>
    /// <exception cref="DockerException">The engine can't be asked, or says no.</exception>
    public async Task<JsonNode?> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop, TimeSpan takes = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_patience + takes);
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            EnsureYes(response.StatusCode, text);
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (Exception e) when (IsTrouble(e, stop))
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Makes an image of a file system, packed as tar.</summary>
    /// <exception cref="DockerException">The engine can't be asked, or says no.</exception>
    public async Task ImportAsync(string repository, string tag, ReadOnlyMemory<byte> tar, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_patience);
        using var body = new ReadOnlyMemoryContent(tar) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        try
        {
            using var response = await _http.PostAsync($"images/create?fromSrc=-&repo={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}", body, limit.Token);
            EnsureYes(response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token));
        }
        catch (Exception e) when (IsTrouble(e, stop))
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Opens a stream of objects that the engine sends one by one.</summary>
    /// <exception cref="DockerException">The engine can't be asked, or says no.</exception>
    public async Task<DockerStream> OpenAsync(string path, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_patience);
        try
        {
            var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode >= HttpStatusCode.BadRequest)
                EnsureYes(response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token));
            return new DockerStream(response, await response.Content.ReadAsStreamAsync(limit.Token));
        }
        catch (Exception e) when (IsTrouble(e, stop))
        {
            throw Unreachable(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static void EnsureYes(HttpStatusCode status, string text)
    {
        if (status >= HttpStatusCode.BadRequest)
            throw new DockerException($"The container engine says {(int)status}: {MessageOf(text)}.", "See what it writes to its log.", status);
    }

    private static bool IsTrouble(Exception e, CancellationToken stop) =>
        e is HttpRequestException or IOException or SocketException or JsonException || (e is OperationCanceledException && !stop.IsCancellationRequested);

    internal DockerException Unreachable(Exception e) => (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => new($"The container engine's socket {socket} is denied to this user.", "Run as root or as a member of the group that owns it.", null, e),
        SocketError.AddressNotAvailable or SocketError.ConnectionRefused => new($"No container engine answers on {socket}.", "Start it, or name its socket with DOCKER_HOST=unix:///path.", null, e),
        _ when e is OperationCanceledException => new($"The container engine on {socket} did not answer in {_patience.TotalSeconds:0} s.", "See whether it hangs, and restart it if it does.", null, e),
        _ => new($"The container engine on {socket} can't be asked: {e.Message}", "See whether it is starting or ending.", null, e),
    };

    private static string MessageOf(string text)
    {
        try
        {
            return (JsonNode.Parse(text)?["message"]?.GetValue<string>() ?? text).TrimEnd('.', '\n');
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
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
