using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Pressure.Reports;
using Pressure.Web.Access;
using Pressure.Web.Api;
using Pressure.Web.State;

namespace Pressure.Web.Agents;

/// <summary>
/// The agents of a Pressure service elsewhere, by its API, on this machine's clock. When the service does not answer any more its agents count as not
/// connected; streams of entries end, and are to be taken up again by whoever follows them.
/// </summary>
public sealed class RemoteAgents : IAgentHistory, IAsyncDisposable
{
    /// <summary>Where a service is looked for when nobody names one.</summary>
    public const string Usual = "http://127.0.0.1:5100";

    private const int PageSize = 1_000;
    private const int Probes = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = 4 * EntryStream.Beat;
    private static readonly string NoConnection = $"no connection within {Patience.TotalSeconds:0} s.";
    private static readonly JsonSerializerOptions Json = Options();

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly RemoteClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, AgentPresence> _agents = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _followed = new(StringComparer.OrdinalIgnoreCase);
    private Task _polling = Task.CompletedTask;

    private readonly bool _all;

    private RemoteAgents(HttpClient http, bool all, TimeProvider time) => (_http, _all, _time, _clock) = (http, all, time, new RemoteClock(time));

    /// <inheritdoc/>
    public IReadOnlyList<AgentPresence> Agents => [.. _agents.Values.OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Asks a service for its agents.</summary>
    /// <param name="service">Its address; user and password in it are sent to it.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">It does not answer, or is no such service; the message says it for people.</exception>
    public static Task<RemoteAgents> ConnectAsync(Uri service, TimeProvider time, CancellationToken stop) => ConnectAsync(service, null, time, stop);

    /// <summary>The same for another node of the same service: of all agents that are its own, whether anybody follows them or not.</summary>
    /// <param name="service">The node's address.</param>
    /// <param name="node">The node that asks; null for somebody else than a node.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">It does not answer, or is no such service.</exception>
    internal static Task<RemoteAgents> ConnectAsync(Uri service, string? node, TimeProvider time, CancellationToken stop) => ConnectAsync(service, node, ByTcp(), time, stop);

    /// <summary>The same by any way to the service, which is disposed of with it.</summary>
    /// <exception cref="IOException">It does not answer, or is no such service.</exception>
    internal static async Task<RemoteAgents> ConnectAsync(Uri service, string? node, HttpMessageHandler way, TimeProvider time, CancellationToken stop)
    {
        var remote = new RemoteAgents(Client(service, way), node is not null, time);
        if (node is not null)
            remote._http.DefaultRequestHeaders.Add(Forwarding.Mark, node);
        try
        {
            var found = await remote.AskAllAsync(stop);
            // The first answer was slow, since it needed a connection: it says little about the clock.
            for (var probe = 0; probe < Probes; probe++)
                await remote.AskAsync("api/agents?size=1", stop);
            remote.Learn(found);
            remote._polling = Task.Run(remote.PollAsync, CancellationToken.None);
            return remote;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidDataException or TimeoutException)
        {
            await remote.DisposeAsync();
            throw new IOException($"The service at {service.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} does not tell its agents: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public AgentPresence? Find(string name) => _agents.GetValueOrDefault(name);

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">The service can't be reached.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">What it sends makes no sense.</exception>
    public async IAsyncEnumerable<StoredEntry> FollowAsync(string name, DateTimeOffset from, [EnumeratorCancellation] CancellationToken stop)
    {
        _followed[name] = true;
        var start = (from - _clock.Offset).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/agents/{Uri.EscapeDataString(name)}/entries?from={Uri.EscapeDataString(start)}");
        using var answer = await OpenAsync(request, stop);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        await foreach (var line in new EntryLines(body, Quiet, _time).ReadAsync(stop))
            yield return _clock.Place(EntryJson.Read(line.Span));
    }

    /// <summary>Has an agent do something: what it gave, or what went wrong, for people.</summary>
    public async Task<(JsonElement? Body, string? Error)> SendAsync(string name, string command, JsonElement? body, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.PostAsync($"api/agents/{Uri.EscapeDataString(name)}/commands/{command}", body is { } given ? JsonContent.Create(given) : null, stop);
            var told = await answer.Content.ReadAsStringAsync(stop);
            using var document = told.Length > 0 ? JsonDocument.Parse(told) : null;
            if (answer.IsSuccessStatusCode)
                return (document?.RootElement.Clone(), null);
            return (null, document?.RootElement.TryGetProperty("detail", out var detail) == true ? detail.ToString() : $"the service answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || IsTooSlow(e, stop))
        {
            return (null, $"the service can't be asked: {(e is OperationCanceledException ? NoConnection : e.Message)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polling;
        _http.Dispose();
        _stop.Dispose();
    }

    /// <exception cref="HttpRequestException">The service can't be reached.</exception>
    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (OperationCanceledException e) when (IsTooSlow(e, stop))
        {
            throw new HttpRequestException(NoConnection, e);
        }
    }

    /// <summary>A connection that is not made in time is told as if somebody had cancelled it.</summary>
    private static bool IsTooSlow(Exception e, CancellationToken stop) => e is OperationCanceledException && !stop.IsCancellationRequested;

    private async Task PollAsync()
    {
        try
        {
            using var again = new PeriodicTimer(Rest, _time);
            while (await again.WaitForNextTickAsync(_stop.Token))
                await PollOnceAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Asks only for those that somebody follows.</summary>
    private async Task PollOnceAsync()
    {
        if (_all)
        {
            await PollAllAsync();
            return;
        }
        foreach (var some in _followed.Keys.Chunk(50))
        {
            try
            {
                var found = await AskAsync($"api/agents?size={PageSize}{string.Concat(some.Select(n => $"&host={Uri.EscapeDataString(n)}"))}", _stop.Token);
                Learn(found);
                // Whoever is asked for and not told of any more has been revoked.
                foreach (var gone in some.Where(n => found.TrueForAll(a => !a.Name.Equals(n, StringComparison.OrdinalIgnoreCase))))
                    _agents.TryRemove(gone, out _);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidDataException or TimeoutException)
            {
                foreach (var name in some)
                {
                    if (_agents.TryGetValue(name, out var known))
                        _agents[name] = known with { Connected = false };
                }
            }
        }
    }

    private async Task PollAllAsync()
    {
        try
        {
            var found = await AskAllAsync(_stop.Token);
            Learn(found);
            foreach (var gone in _agents.Keys.Except(found.Select(a => a.Name), StringComparer.OrdinalIgnoreCase))
                _agents.TryRemove(gone, out _);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidDataException or TimeoutException)
        {
            foreach (var (name, known) in _agents)
                _agents[name] = known with { Connected = false };
        }
    }

    private async Task<List<AgentView>> AskAllAsync(CancellationToken stop)
    {
        List<AgentView> found = [];
        for (var page = 1; found.Count == (page - 1) * PageSize; page++)
            found.AddRange(await AskAsync($"api/agents?size={PageSize}&page={page}", stop));
        return found;
    }

    private void Learn(List<AgentView> found)
    {
        foreach (var agent in found)
            _agents[agent.Name] = agent.Presence() with { LastHeard = agent.LastHeard + _clock.Offset };
    }

    /// <exception cref="TimeoutException">It took too long.</exception>
    private async Task<List<AgentView>> AskAsync(string path, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            var asked = _time.GetTimestamp();
            using var answer = await _http.GetAsync(path, patience.Token);
            var took = _time.GetElapsedTime(asked);
            if (!answer.IsSuccessStatusCode)
                throw new InvalidDataException($"it answers {(int)answer.StatusCode} {answer.ReasonPhrase}. Is it a Pressure service of this version?");
            if (answer.Headers.TryGetValues(AgentEndpoints.TimeHeader, out var told) && DateTimeOffset.TryParse(told.First(), CultureInfo.InvariantCulture, out var there))
                _clock.Learn(there, took);
            var agents = await answer.Content.ReadFromJsonAsync<List<AgentView?>>(Json, patience.Token) ?? [];
            return [.. agents.Select(a => a ?? throw new InvalidDataException("it tells of an agent that is none."))];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds:0} s.");
        }
    }

    // The environment's proxies are never used: most services are on this machine.
    private static SocketsHttpHandler ByTcp() => new() { UseProxy = false, ConnectTimeout = Patience };

    private static HttpClient Client(Uri service, HttpMessageHandler way)
    {
        var http = new HttpClient(way)
        {
            BaseAddress = new Uri(service.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 64 << 20,
        };
        if (service.UserInfo.Length > 0)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(service.UserInfo))));
        return http;
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
        foreach (var converter in ReportJson.Compact.Converters)
            options.Converters.Add(converter);
        return options;
    }
}
