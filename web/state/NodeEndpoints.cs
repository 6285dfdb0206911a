using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Pressure.Web.State;

/// <summary><c>GET /api/nodes</c>: the nodes of the service; none where it is a single one.</summary>
internal static class NodeEndpoints
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/nodes", (HttpContext context) =>
    {
        var nodes = context.RequestServices.GetService<SharedState>()?.Nodes;
        return Results.Ok((nodes?.All ?? []).Select(n => new NodeView(n.Id, n.Address, n.Version, n.Alive, n.Id == nodes!.Own.Id, n.Started, n.Heartbeat)));
    }).WithTags("service").WithSummary("The nodes of the service; none where it is a single one").Produces<IEnumerable<NodeView>>();
}

/// <summary>A node.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Address">Where other nodes reach it.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Alive">Whether its lease holds.</param>
/// <param name="Self">Whether it is the one that answers.</param>
/// <param name="Started">When it started, by the database's clock.</param>
/// <param name="Heartbeat">When it was last heard of, by the database's clock.</param>
internal sealed record NodeView(string Id, string Address, string Version, bool Alive, bool Self, DateTimeOffset Started, DateTimeOffset Heartbeat);
