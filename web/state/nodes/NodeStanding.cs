namespace Pressure.Web.State;

/// <summary>A node of the service as the database knows it.</summary>
/// <param name="Id">Stays with its folder of runs.</param>
/// <param name="Incarnation">Another one at each start.</param>
/// <param name="Address">Where other nodes reach it.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Started">When it started, by the database's clock.</param>
/// <param name="Heartbeat">When it was last heard of, by the database's clock.</param>
/// <param name="Alive">Whether its lease holds.</param>
/// <param name="Agents">Where agents dial in; null for nowhere.</param>
public sealed record NodeStanding(string Id, Guid Incarnation, string Address, string Version, DateTimeOffset Started, DateTimeOffset Heartbeat, bool Alive, string? Agents = null);
