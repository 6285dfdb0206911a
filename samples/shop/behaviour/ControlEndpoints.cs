using System.Text.Json;

namespace Shop;

/// <summary>What tests and drills use to make a service misbehave and to ask it what really happened.</summary>
internal static class ControlEndpoints
{
    public const string BehaviourPath = "/_behaviour";
    public const string StatsPath = "/_stats";

    public static void Map(WebApplication app, ShopRole role, ServiceControl control, StatsCounter stats)
    {
        app.MapGet(BehaviourPath, () => Results.Json(BehaviourJson.Write(control.Behaviour)));
        app.MapPut(BehaviourPath, (JsonElement body) =>
        {
            var problems = new List<string>();
            var behaviour = BehaviourJson.Read(body, problems);
            if (problems.Count > 0)
                return Results.Json(new { problems }, statusCode: StatusCodes.Status400BadRequest);
            control.Set(behaviour);
            return Results.Json(BehaviourJson.Write(control.Behaviour));
        });
        app.MapGet(StatsPath, () => stats.Snapshot(role, control.Admission));
        app.MapPost(StatsPath + "/reset", () =>
        {
            stats.Reset();
            control.Admission.ForgetPeak();
            return Results.NoContent();
        });
    }
}
