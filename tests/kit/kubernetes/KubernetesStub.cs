using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.TestKit;

/// <summary>
/// Answers as a Kubernetes API server does, over TLS by an authority of its own: pods and their controllers, deletion with a grace and preconditions, pages, refusals. Shaped by the
/// public API reference (v1.30): Pod, PodList, ReplicaSet, DeleteOptions, Status.
/// </summary>
/// <remarks>
/// What a cluster does by itself happens here when it is looked at: a deleted pod ends, its controller makes another by another name, that one becomes ready, each a
/// listing later. So tests wait for nothing.
/// </remarks>
public sealed class KubernetesStub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _server;
    private readonly Task _serving;
    private readonly ConcurrentQueue<string> _asked = [];
    private readonly PodWorld _world = new();

    /// <summary>A cluster without pods.</summary>
    public KubernetesStub()
    {
        (_authority, _server) = Certificates();
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public string Url => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The authority of its certificate, as PEM.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>The token that it lets in.</summary>
    public string Token { get; set; } = "let-me-in";

    /// <summary>Whether that user may do nothing.</summary>
    public bool Forbids { get; set; }

    /// <summary>How many pods it gives in a page at most.</summary>
    public int Page { get; set; } = 500;

    /// <summary>What it was asked: method, path, body.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>The pods and controllers that it has.</summary>
    public PodWorld World => _world;

    /// <summary>A kubeconfig as <c>kubectl</c> writes it.</summary>
    public string Kubeconfig() => $"""
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(AuthorityPem))}
            server: {Url}
          name: stub
        contexts:
        - context:
            cluster: stub
            namespace: shop
            user: "presser"
          name: presser@stub
        current-context: presser@stub
        kind: Config
        preferences: {"{}"}
        users:
        - name: presser
          user:
            token: {Token}
        """;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _authority.Dispose();
        _server.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _server }, _stop.Token);
            while (await ReadAsync(tls) is { } request)
            {
                _asked.Enqueue($"{request.Method} {request.Path} {request.Body}".TrimEnd());
                var (status, answer) = Answer(request);
                var body = Encoding.UTF8.GetBytes(answer.ToJsonString());
                await tls.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), _stop.Token);
                await tls.WriteAsync(body, _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or SocketException)
        {
            // Whoever asked has gone.
        }
    }

    private (int Status, JsonObject Answer) Answer(Request request)
    {
        if (request.Token != Token)
            return PodWorld.Status(401, "Unauthorized", "Unauthorized");
        if (Forbids)
            return PodWorld.Status(403, "Forbidden", "pods is forbidden: User \"presser\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"");
        return _world.Answer(request.Method, request.Path, request.Body.Length == 0 ? null : JsonNode.Parse(request.Body) as JsonObject, Page);
    }

    private static async Task<Request?> ReadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Append((char)one[0]);
        }
        var lines = head.ToString().Split("\r\n");
        var headers = lines.Skip(1).Where(l => l.Contains(':', StringComparison.Ordinal)).ToDictionary(l => l.Split(':')[0], l => l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"))];
        await stream.ReadExactlyAsync(body);
        return new(lines[0].Split(' ')[0], lines[0].Split(' ')[1], headers.GetValueOrDefault("Authorization", "").Replace("Bearer ", "", StringComparison.Ordinal), Encoding.UTF8.GetString(body));
    }

    private static (X509Certificate2 Authority, X509Certificate2 Server) Certificates()
    {
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=stub-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var authority = authorityRequest.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, from, until, [1, 2, 3, 4]);
        return (authority, signed.CopyWithPrivateKey(key));
    }

    private sealed record Request(string Method, string Path, string Token, string Body);
}
