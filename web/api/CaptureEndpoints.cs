using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Pressure.Agent;
using Pressure.Web.Access;
using Pressure.Web.Captures;

namespace Pressure.Web.Api;

/// <summary>Captures on agents' hosts, into the service's folder: begin, look at, end, list.</summary>
internal static class CaptureEndpoints
{
    /// <summary>How the API's callers stand in the audit log.</summary>
    public const string Caller = "API";

    public static void MapOf(RouteGroupBuilder agents)
    {
        agents.MapPost("/{name}/capture", StartAsync)
            .WithSummary("Capture on an agent's host")
            .WithDescription("""{"interface": "eth0", "ports": [80], "seconds": 300}: requests with their answers go into a file in the service's folder of captures, masked before they leave the host. All members: docs/live-capture.md. 409 says for people why it can't be.""")
            .Produces<CaptureView>(StatusCodes.Status201Created).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(422);
        agents.MapGet("/{name}/capture", One).WithSummary("How an agent's capture goes on, or ended").Produces<CaptureView>().ProducesProblem(404);
        agents.MapDelete("/{name}/capture", Stop)
            .WithSummary("End an agent's capture")
            .WithDescription("What was captured until then is fetched and kept; GET tells when that is done.")
            .Produces<CaptureView>(StatusCodes.Status202Accepted).ProducesProblem(404);
    }

    public static void MapFiles(RouteGroupBuilder captures) =>
        captures.MapGet("/", (CaptureDesk desk) => desk.Files).WithSummary("List the captures in the service's folder, the newest first").Produces<IReadOnlyList<CaptureFileView>>();

    private static async Task<IResult> StartAsync(string name, HttpRequest request, IAgentHistory history, CaptureDesk desk)
    {
        if (history.Find(name) is not { } agent)
            return Problems.NoSuchAgent(name);
        JsonElement? ask = null;
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            var (read, problem) = await JsonBody.ReadAsync<JsonDocument>(request);
            if (problem is not null)
                return problem;
            ask = read!.RootElement;
        }

        var (recording, why) = await desk.StartAsync(agent.Name, ask, Caller, request.HttpContext.RequestAborted);
        return recording is null ? Problems.AgentFailed(why!) : Results.Created($"/api/agents/{Uri.EscapeDataString(agent.Name)}/capture", CaptureView.Of(recording));
    }

    private static IResult One(string name, CaptureDesk desk) => desk.Of(name) is { } recording ? Results.Ok(CaptureView.Of(recording)) : Problems.NoSuchCapture(name);

    private static IResult Stop(string name, CaptureDesk desk)
    {
        if (desk.Of(name) is not { } recording)
            return Problems.NoSuchCapture(name);
        recording.Stop();
        return Results.Accepted(value: CaptureView.Of(recording));
    }
}

/// <summary>A capture on an agent's host as the API tells it.</summary>
internal sealed record CaptureView
{
    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The file in the service's folder.</summary>
    public required string File { get; init; }

    /// <summary>What is captured, for people.</summary>
    public string? What { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary><c>running</c>, <c>ended</c>, or <c>brokenOff</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it ended, or why nothing comes at the moment.</summary>
    public string? Why { get; init; }

    /// <summary>Exchanges that have come.</summary>
    public required long Exchanges { get; init; }

    /// <summary>Bytes that have come.</summary>
    public required long Bytes { get; init; }

    /// <summary>What the host has counted.</summary>
    public CaptureCounts? Counts { get; init; }

    /// <summary>The whole account, once it has ended.</summary>
    public CaptureSettlement? Account { get; init; }

    public static CaptureView Of(AgentRecording recording)
    {
        var ending = recording.Ended.IsCompletedSuccessfully ? recording.Ended.Result : null;
        var source = recording.Source;
        return new()
        {
            Agent = source.Agent,
            File = recording.File,
            What = source.Latest.What,
            Begun = recording.Begun,
            State = ending is null ? "running" : ending.IsWhole ? "ended" : "brokenOff",
            Why = ending is null ? source.Trouble : ending.Why,
            Exchanges = source.Exchanges,
            Bytes = source.Bytes,
            Counts = source.Latest.Counts,
            Account = ending?.Account,
        };
    }
}
