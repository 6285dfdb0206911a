using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>How it stands with an agent.</summary>
internal enum AgentStanding
{
    /// <summary>It is connected, and its heartbeats come.</summary>
    Connected,

    /// <summary>Nothing was heard of it for two heartbeats, or its connection has ended.</summary>
    Silent,

    /// <summary>Nothing was heard of it for more than an hour; runs wait for it no more.</summary>
    Gone,

    /// <summary>It was enrolled and never came.</summary>
    New,
}

/// <summary>Judges presence.</summary>
internal static class Standing
{
    public static AgentStanding Of(AgentPresence agent, DateTimeOffset now) => agent switch
    {
        { Connected: true } => AgentStanding.Connected,
        { LastHeard: null } => AgentStanding.New,
        { LastHeard: var heard } => now - heard > LateEntries.Within ? AgentStanding.Gone : AgentStanding.Silent,
    };
}
