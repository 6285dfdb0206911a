using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pressure.Web.Access;
using Pressure.Web.Agents;

namespace Pressure.Web.Api;

/// <summary>Tokens that enrol hosts.</summary>
internal static class TokenEndpoints
{
    public static void Map(RouteGroupBuilder tokens)
    {
        tokens.MapGet("/", (IAgentDesk desk) => desk.Tokens)
            .WithSummary("List the tokens that can be used, or were of late")
            .WithDescription("Their secrets are told only when they are made.")
            .Produces<IReadOnlyList<EnrolmentToken>>();
        tokens.MapPost("/", MakeAsync)
            .WithSummary("Make a token that enrols one host, once")
            .WithDescription("""{"hours": 24, "name": "db1", "labels": {"service": "orders"}}, all of which may be left out. The answer holds the token and the one line to run on the host; it is not told again.""")
            .Produces<MadeTokenView>(StatusCodes.Status201Created).ProducesProblem(409).ProducesProblem(415).ProducesProblem(422).ProducesProblem(507);
        tokens.MapDelete("/{id}", (string id, IAgentDesk desk) => desk.RemoveToken(id) ? Results.NoContent() : Problems.NoSuchToken(id))
            .WithSummary("Make a token worthless").Produces(StatusCodes.Status204NoContent).ProducesProblem(404);
    }

    private static async Task<IResult> MakeAsync(HttpContext context, IAgentDesk desk)
    {
        var (wish, problem) = await JsonBody.ReadAsync<TokenWish>(context.Request);
        if (problem is not null)
            return problem;
        if (!desk.IsOpen)
            return Problems.NoAccessServer();
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            var made = desk.MakeToken(wish!.Lifetime, wish.Name, wish.Labels ?? new Dictionary<string, string>(), context.Request.Host.Host);
            return Results.Created($"/api/tokens/{made.Token.Id}", new MadeTokenView(made.Token.Id, made.Text, made.Command, made.Token.Name, made.Token.Labels, made.Token.ExpiresAt));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            return Problems.InvalidInput(new Dictionary<string, string> { ["token"] = e.Message });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }
}

/// <summary>What token to make.</summary>
/// <param name="Hours">How long it can be used; a day by default.</param>
/// <param name="Name">The name that the host will have; its own by default.</param>
/// <param name="Labels">Labels that it will have.</param>
internal sealed record TokenWish(double? Hours = null, string? Name = null, IReadOnlyDictionary<string, string>? Labels = null)
{
    /// <exception cref="OverflowException">The hours are no number, or far out of range.</exception>
    public TimeSpan Lifetime => TimeSpan.FromHours(Hours ?? 24);
}

/// <summary>A token that was just made.</summary>
/// <param name="Id">To talk about it.</param>
/// <param name="Token">The secret.</param>
/// <param name="Command">What to run on the host, as root.</param>
/// <param name="Name">The name that the host will have; null for its own.</param>
/// <param name="Labels">Labels that it will have.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record MadeTokenView(string Id, string Token, string Command, string? Name, IReadOnlyDictionary<string, string> Labels, DateTimeOffset ExpiresAt);
