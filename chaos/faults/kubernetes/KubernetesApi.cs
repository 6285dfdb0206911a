using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A cluster's REST API, as much of it as faults need. Thread-safe.</summary>
public sealed class KubernetesApi : IDisposable
{
    private const int Page = 500;
    private readonly KubernetesAccess _access;
    private readonly HttpClient _http;

    /// <summary>Asks a cluster.</summary>
    /// <param name="access">Where it is and who asks.</param>
    /// <param name="patience">How long an answer may take.</param>
    public KubernetesApi(KubernetesAccess access, TimeSpan? patience = null)
    {
        _access = access;
        var handler = new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) };
        if (access.Authorities.Count > 0)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(access.Authorities);
        }
        if (access.Client is { } client)
            handler.SslOptions.ClientCertificates = [client];
        _http = new HttpClient(handler) { BaseAddress = access.Server, Timeout = patience ?? TimeSpan.FromSeconds(30) };
    }

    /// <summary>Pods of a namespace, or of all that we may see.</summary>
    /// <exception cref="KubernetesException">The cluster can't be asked, or says no.</exception>
    public async Task<IReadOnlyList<PodFacts>> PodsAsync(string? @namespace, CancellationToken stop)
    {
        List<PodFacts> pods = [];
        var path = @namespace is null ? "api/v1/pods" : $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods";
        var next = "";
        do
        {
            var page = await AskAsync(HttpMethod.Get, $"{path}?limit={Page}{(next.Length == 0 ? "" : "&continue=" + Uri.EscapeDataString(next))}", null, stop);
            pods.AddRange(page.List("items").OfType<JsonObject>().Select(PodFacts.From));
            next = page.Text("metadata", "continue");
        }
        while (next.Length > 0);
        return pods;
    }

    /// <summary>A pod; null if there is none by that name.</summary>
    /// <exception cref="KubernetesException">The cluster can't be asked, or says no.</exception>
    public async Task<PodFacts?> PodAsync(string @namespace, string name, CancellationToken stop) =>
        await FindAsync(PodPath(@namespace, name), stop) is { } pod ? PodFacts.From(pod) : null;

    /// <summary>Deletes the very pod that has a uid; one made anew by its name is left alone.</summary>
    /// <exception cref="KubernetesException">The cluster can't be asked, or says no.</exception>
    public Task DeletePodAsync(FaultTarget.Pod pod, TimeSpan grace, CancellationToken stop) => AskAsync(HttpMethod.Delete, PodPath(pod.Namespace, pod.Name), new JsonObject
    {
        ["kind"] = "DeleteOptions",
        ["apiVersion"] = "v1",
        ["gracePeriodSeconds"] = (long)Math.Ceiling(grace.TotalSeconds),
        ["preconditions"] = new JsonObject { ["uid"] = pod.Uid },
    }, stop);

    /// <summary>Asks for something that may not be there; null then.</summary>
    /// <exception cref="KubernetesException">The cluster can't be asked, or says no.</exception>
    public async Task<JsonObject?> FindAsync(string path, CancellationToken stop)
    {
        try
        {
            return await AskAsync(HttpMethod.Get, path, null, stop);
        }
        catch (KubernetesException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string PodPath(string @namespace, string name) => $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods/{Uri.EscapeDataString(name)}";

    private async Task<JsonObject> AskAsync(HttpMethod method, string path, JsonObject? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new("application/json"));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        try
        {
            if (_access.Token is { } token)
                request.Headers.Authorization = new("Bearer", token());
            using var response = await _http.SendAsync(request, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            return response.StatusCode < HttpStatusCode.BadRequest ? JsonNode.Parse(text) as JsonObject ?? [] : throw Refusal(response.StatusCode, text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or JsonException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new KubernetesException($"The cluster at {_access.Server.Authority} can't be asked: {(e.InnerException ?? e).Message.TrimEnd('.')}.", "See whether it runs, and whether the kubeconfig's server and certificates are right.", null, e);
        }
    }

    private KubernetesException Refusal(HttpStatusCode status, string text) => new($"The cluster at {_access.Server.Authority} says {(int)status}: {MessageOf(text)}.", status switch
    {
        HttpStatusCode.Unauthorized => "Renew the kubeconfig's token or certificate.",
        HttpStatusCode.Forbidden => "Give its user a role that may get, list and delete pods.",
        _ => "See what the API server writes to its log.",
    }, status);

    private static string MessageOf(string text)
    {
        try
        {
            return (JsonNode.Parse(text).Text("message") is { Length: > 0 } message ? message : text).TrimEnd('.');
        }
        catch (JsonException)
        {
            return text.Trim();
        }
    }
}
