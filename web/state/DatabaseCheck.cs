using Dapper;
using Pressure.Web.Health;

namespace Pressure.Web.State;

/// <summary>Whether the nodes' database can be used. Without it this node goes on with what it has, so a balancer need not take it out.</summary>
internal sealed class DatabaseCheck(SharedState state) : IHealthCheck
{
    public string Name => "database";

    public async Task<HealthFinding> CheckAsync()
    {
        try
        {
            await state.Database.DoAsync(connection => connection.ExecuteScalarAsync<int>("SELECT 1"));
            return new(HealthLevel.Ok, $"{state.Database.Place} answers");
        }
        catch (DatabaseAwayException e)
        {
            return new(HealthLevel.Warning, $"{e.Message} This node goes on with what it has, and begins nothing that is scheduled.");
        }
    }
}
