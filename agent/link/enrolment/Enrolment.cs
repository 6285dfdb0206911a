using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text.Json;

namespace Pressure.Agent;

/// <summary>Body of <c>POST /enrol</c>.</summary>
/// <param name="Token">The whole token.</param>
/// <param name="PublicKey">The agent's key as SubjectPublicKeyInfo.</param>
/// <param name="Host">The name wished for.</param>
/// <param name="Labels">The host's labels.</param>
public sealed record EnrolmentAsk(string Token, byte[] PublicKey, string Host, IReadOnlyDictionary<string, string> Labels);

/// <summary>Its answer.</summary>
/// <param name="Agent">The agent's id.</param>
/// <param name="Name">The name that it got.</param>
/// <param name="Ca">The authority (PEM) that signs the service's certificates; null if only the key counts.</param>
public sealed record EnrolmentAnswer(string Agent, string Name, string? Ca = null);

/// <summary>The answer when it is refused.</summary>
/// <param name="Error">Why, for people.</param>
public sealed record EnrolmentProblem(string? Error = null);

/// <summary>How an enrolment went: an identity, or what is wrong.</summary>
/// <param name="Identity">Who the agent is now; null if it failed.</param>
/// <param name="Problem">What is wrong and what to do, for people.</param>
/// <param name="Refused">Whether the service said no, rather than not at all.</param>
public readonly record struct EnrolmentResult(AgentIdentity? Identity, string? Problem = null, bool Refused = false);

/// <summary>Makes an agent known to a service, once, by a token.</summary>
public static class Enrolment
{
    private const int MaxAnswer = 64 * 1024;

    /// <summary>Shows the agent's key to the service, with the token, and returns who the agent is; nothing is stored.</summary>
    /// <param name="server">The service: <c>https://host:port</c>.</param>
    /// <param name="token">Good once; sent only to a server that shows the key in it.</param>
    /// <param name="key">The agent's private key (PKCS#8).</param>
    /// <param name="host">The name wished for.</param>
    /// <param name="labels">The host's labels.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<EnrolmentResult> AskAsync(Uri server, EnrolmentToken token, byte[] key, string host, IReadOnlyDictionary<string, string> labels, CancellationToken stop)
    {
        using var signer = ECDsa.Create();
        signer.ImportPkcs8PrivateKey(key, out _);
        var trust = ServerTrust.InKey(token.Pin);
        using var handler = new SocketsHttpHandler { SslOptions = trust.Tls(server.Host), AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = MaxAnswer };
        try
        {
            var ask = JsonSerializer.SerializeToUtf8Bytes(new EnrolmentAsk(token.Text, signer.ExportSubjectPublicKeyInfo(), host, labels), IdentityJson.Default.EnrolmentAsk);
            using var content = new ByteArrayContent(ask) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await client.PostAsync(new Uri(server, "/enrol"), content, stop);
            var body = await response.Content.ReadAsByteArrayAsync(stop);
            if (!response.IsSuccessStatusCode)
                return new(null, $"{server.Authority} refuses: {Why(response.StatusCode, body)}", Refused: (int)response.StatusCode is >= 400 and < 500);
            var answer = JsonSerializer.Deserialize(body, IdentityJson.Default.EnrolmentAnswer)!;
            var identity = new AgentIdentity(answer.Agent, answer.Name, server, token.Pin.Text, labels, key, answer.Ca);
            identity.Trust();
            return new(identity);
        }
        catch (HttpRequestException) when (trust.Problem is { } distrust)
        {
            return new(null, $"{server.Authority} is not the service that made the token: {distrust}. Nothing was sent to it. Use the address and the token of the same service.", Refused: true);
        }
        catch (HttpRequestException e)
        {
            return new(null, $"{server.Authority} can't be reached: {(e.InnerException as AuthenticationException ?? (Exception)e).Message}. Check the address, the port and the firewall.");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(null, $"{server.Authority} does not answer. Check the address, the port and the firewall.");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return new(null, $"{server.Authority} answers what no Pressure service does: {e.Message}");
        }
    }

    private static string Why(HttpStatusCode status, byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, IdentityJson.Default.EnrolmentProblem)?.Error is { } error)
                return error;
        }
        catch (JsonException)
        {
            // Not from the service itself: something stands between, and its status says most.
        }
        return $"{(int)status} {status}. Ask for a new token, they are good once and not for long.";
    }
}
