using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Access;

/// <summary><c>POST /enrol</c> on the agents' port: a token for a credential.</summary>
internal static class EnrolmentEndpoint
{
    private const string P256 = "1.2.840.10045.3.1.7";

    public static void Map(WebApplication app, EnrolmentTokens tokens, string authorityPem, EnrolmentRate rate) => app.MapPost("/enrol", async (HttpContext context) =>
    {
        var from = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (rate.WaitOf(from) is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
            return Problem(StatusCodes.Status429TooManyRequests, "too-many", "Too many enrolments", "Too many attempts with tokens that are not right came from this address, or too many in all. Wait, and try again.");
        }
        Ask? ask;
        try
        {
            ask = await JsonSerializer.DeserializeAsync<Ask>(context.Request.Body, AccessJson.Options, context.RequestAborted);
        }
        catch (JsonException e)
        {
            return Malformed(e.Message);
        }
        if (ask is null || AgentNames.Fit(ask.Host) is not { } host)
            return Malformed("The host's name is missing.");
        if (AgentNames.ProblemOf(ask.Labels) is { } problem)
            return Malformed(problem);
        if (!IsKey(ask.PublicKey))
            return Malformed("publicKey is no ECDSA P-256 key (SubjectPublicKeyInfo in base64).");
        var (agent, refusal) = tokens.Use(ask.Token, host, ask.PublicKey, ask.Labels ?? new Dictionary<string, string>());
        if (agent is not null)
            return Results.Json(new Answer(agent.Id, agent.Name, authorityPem), AccessJson.Options);
        rate.Failed(from);
        return refusal switch
        {
            EnrolmentRefusal.Expired => Problem(StatusCodes.Status410Gone, "token-expired", "The token has expired", "Make a new one on the service's page of agents."),
            EnrolmentRefusal.Used => Problem(StatusCodes.Status409Conflict, "token-used", "The token has been used", "A token enrols one host. Make a new one on the service's page of agents."),
            EnrolmentRefusal.Full => Problem(StatusCodes.Status403Forbidden, "full", "Too many agents", "The service takes no more agents. Revoke some that are gone."),
            _ => Problem(StatusCodes.Status403Forbidden, "token-unknown", "No such token", "Copy the whole token, or make a new one on the service's page of agents."),
        };
    });

    private static bool IsKey(byte[] key)
    {
        if (key.Length > 200)
            return false;
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(key, out var read);
            return read == key.Length && ecdsa.ExportParameters(false).Curve.Oid.Value == P256;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static IResult Malformed(string why) =>
        Problem(StatusCodes.Status400BadRequest, "malformed", "This is no enrolment", why + " Send {\"token\", \"publicKey\", \"host\", \"labels\"}.");

    private static IResult Problem(int status, string type, string title, string detail) => Results.Problem(detail, null, status, title, $"urn:pressure:problem:{type}", [KeyValuePair.Create("error", (object?)$"{title}. {detail}")]);

    private sealed record Ask(string Token, byte[] PublicKey, string Host, Dictionary<string, string>? Labels = null);

    private sealed record Answer(string Agent, string Name, string Ca);
}
