using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Pressure.Agent;
using Pressure.Faults;
using Pressure.LoadGen;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Captures;

namespace Pressure.Web.Api;

/// <summary>Agents: list, look at, follow, set, revoke.</summary>
internal static class AgentEndpoints
{
    /// <summary>Header with the service's clock, so that programs elsewhere can place what agents say on theirs.</summary>
    public const string TimeHeader = "Pressure-Time";

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapGet("/", List)
            .WithSummary("List the agents by name")
            .WithDescription("?host=NAME, ?host=web*, ?host=service=orders: those that a plan's hosts: would mean, repeatable. ?page=N (from 1) of ?size=N agents (1 to 10,000; 1,000 by default); the Link header leads to the next page. The header Pressure-Time tells the service's clock.")
            .Produces<IReadOnlyList<AgentView>>().ProducesProblem(422);
        agents.MapGet("/{name}", One).WithSummary("One agent").Produces<AgentView>().ProducesProblem(404);
        agents.MapGet("/{name}/entries", Entries)
            .WithSummary("Follow what an agent tells")
            .WithDescription("Samples and collections of ?from=TIME (ISO 8601, the service's clock; now by default) and later, then new ones as they come, one JSON object a line. An empty line says that the link is alive. To go on after a cut, ask from a little before the last one's `at` and pass over what you have.")
            .Produces(StatusCodes.Status200OK, contentType: EntryStream.ContentType).ProducesProblem(404).ProducesProblem(422);
        agents.MapPost("/{name}/settings", SetAsync)
            .WithSummary("Have an agent sample in another way")
            .WithDescription("""{"every": 1000, "heartbeat": 10000, "processes": ["nginx", "my-*"]}: times in ms; what is left out stays.""")
            .Produces<AgentView>().ProducesProblem(404).ProducesProblem(415).ProducesProblem(422).ProducesProblem(507);
        agents.MapPost("/{name}/commands/{command}", SendAsync)
            .WithSummary("Have an agent do something and tell how it went")
            .WithDescription("""echo {...}; processes; settings; top {"seconds": 5, "interval": 1}: the busiest processes. Whoever hangs up ends the command.""")
            .Produces<JsonElement>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(422);
        agents.MapPost("/{name}/upgrade", UpgradeAsync)
            .WithSummary("Have an agent replace itself by the version that this service offers")
            .WithDescription("The new program is started beside the old one, takes over, and is looked at for some seconds before the old one leaves; if it fails, the old one goes on and the answer says why.")
            .Produces<JsonElement>().ProducesProblem(404).ProducesProblem(409);
        agents.MapDelete("/{name}", Revoke)
            .WithSummary("Revoke an agent's credential")
            .WithDescription("Its connection is closed, and what it told is forgotten; runs keep theirs. It must be enrolled anew to come back.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(404).ProducesProblem(507);
    }

    private static IResult List(HttpContext context, IAgentHistory history, TimeProvider time, string[]? host, int? page, int? size)
    {
        var selectors = new List<HostSelector>();
        foreach (var text in host ?? [])
        {
            if (HostSelector.TryParse(text, out var selector) is { } problem)
                return Problems.InvalidInput(new Dictionary<string, string> { ["host"] = problem });
            selectors.Add(selector);
        }
        var now = time.GetUtcNow();
        var all = history.Agents.Where(a => selectors.Count == 0 || selectors.Any(s => s.Matches(a.Name, a.Labels))).ToList();
        var asked = Math.Clamp(size ?? 1_000, 1, 10_000);
        var number = Math.Max(1, page ?? 1);
        var shown = all.Skip((int)Math.Min(int.MaxValue, (number - 1L) * asked)).Take(asked).ToList();
        if ((long)number * asked < all.Count)
            context.Response.Headers.Append("Link", $"</api/agents?page={number + 1}&size={asked}{string.Concat(selectors.Select(s => $"&host={Uri.EscapeDataString(s.Text)}"))}>; rel=\"next\"");
        context.Response.Headers[TimeHeader] = now.ToString("O", CultureInfo.InvariantCulture);
        return Results.Ok(shown.Select(a => AgentView.Of(a, now)));
    }

    private static Results<Ok<AgentView>, ProblemHttpResult> One(string name, IAgentHistory history, TimeProvider time) =>
        history.Find(name) is { } agent ? TypedResults.Ok(AgentView.Of(agent, time.GetUtcNow())) : Problems.NoSuchAgent(name);

    private static IResult Entries(string name, string? from, IAgentHistory history, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (history.Find(name) is not { } agent)
            return Problems.NoSuchAgent(name);
        var start = time.GetUtcNow();
        if (from is not null && !DateTimeOffset.TryParse(from, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out start))
            return Problems.InvalidInput(new Dictionary<string, string> { ["from"] = "Give a time such as 2026-11-21T15:00:00Z." });
        return new EntryStream(history, agent.Name, start, time, lifetime.ApplicationStopping);
    }

    private static async Task<IResult> SetAsync(string name, HttpRequest request, IAgentHistory history, IAgentDesk desk, TimeProvider time)
    {
        var (wish, problem) = await JsonBody.ReadAsync<AgentSettingsWish>(request);
        if (problem is not null)
            return problem;
        if (history.Find(name) is not { } agent)
            return Problems.NoSuchAgent(name);
        try
        {
            return desk.Set(agent.Id, wish!.Over(agent.Settings)) && history.Find(name) is { } changed
                ? Results.Ok(AgentView.Of(changed, time.GetUtcNow()))
                : Problems.NoSuchAgent(name);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            return Problems.InvalidInput(new Dictionary<string, string> { ["settings"] = e.Message });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }

    private static async Task<IResult> SendAsync(string name, string command, HttpRequest request, IAgentHistory history, IAgentDesk desk, CaptureDesk captures, WebOptions options)
    {
        if (history.Find(name) is not { } agent)
            return Problems.NoSuchAgent(name);
        // What changes the agent itself has endpoints of its own.
        if (command is not ("echo" or "processes" or "settings" or "top") && !command.StartsWith("fault.", StringComparison.Ordinal) && !command.StartsWith("capture.", StringComparison.Ordinal))
            return Problems.InvalidInput(new Dictionary<string, string> { ["command"] = "There are echo, processes, settings, top, and, where the agent takes them, fault.* and capture.*." });
        // The global stop outranks everything, also what a controller elsewhere wants.
        if (command is "fault.open" or "fault.start" && new GlobalStop(options.ChaosFolder).Read() is { } halted)
            return Problems.AgentFailed($"{halted} {GlobalStop.Remedy}");
        JsonElement? body = null;
        // One that comes in chunks has no length beforehand.
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            var (read, problem) = await JsonBody.ReadAsync<JsonDocument>(request);
            if (problem is not null)
                return problem;
            body = read!.RootElement;
        }
        // Whoever looks at what people send is noted before.
        if (command is "capture.start" && await captures.AuditAsync(agent.Name, body, CaptureEndpoints.Caller, request.HttpContext.RequestAborted) is { } unwritten)
            return Problems.AgentFailed(unwritten);
        return Told(await desk.SendAsync(agent.Name, command, body, request.HttpContext.RequestAborted));
    }

    private static async Task<IResult> UpgradeAsync(string name, IAgentHistory history, IAgentDesk desk) =>
        history.Find(name) is { } agent ? Told(await desk.UpgradeAsync(agent.Name, CancellationToken.None)) : Problems.NoSuchAgent(name);

    private static IResult Told(Frame.Result result) => result.Error is { } error ? Problems.AgentFailed(error) : Results.Ok(result.Body);

    private static IResult Revoke(string name, IAgentHistory history, IAgentDesk desk)
    {
        try
        {
            return history.Find(name) is { } agent && desk.Revoke(agent.Id) ? Results.NoContent() : Problems.NoSuchAgent(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.NotWritable(e.Message);
        }
    }
}

/// <summary>Changes of how an agent samples; times in ms. What is null stays.</summary>
internal sealed record AgentSettingsWish(double? Every = null, double? Heartbeat = null, IReadOnlyList<string>? Processes = null)
{
    /// <exception cref="OverflowException">A time is no number, or far out of range.</exception>
    public AgentSettings Over(AgentSettings now) => Processes?.Any(p => p is null) == true ? throw new ArgumentException("A process has a name.") : new AgentSettings(
        Every is { } every ? TimeSpan.FromMilliseconds(every) : now.Every,
        Heartbeat is { } heartbeat ? TimeSpan.FromMilliseconds(heartbeat) : now.Heartbeat,
        Processes ?? now.Processes);
}
