namespace Pressure.Agent;

/// <summary>How a connection to the centre ended.</summary>
public abstract record SessionEnd
{
    private SessionEnd()
    {
    }

    /// <summary>It could not be made, or broke.</summary>
    /// <param name="Why">For people.</param>
    public sealed record Lost(string Why) : SessionEnd;

    /// <summary>The server is not the one that was enrolled with.</summary>
    /// <param name="Why">For people.</param>
    public sealed record Distrusted(string Why) : SessionEnd;

    /// <summary>The centre put the agent out.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Why">For people.</param>
    public sealed record Refused(RefusalCode Code, string Why) : SessionEnd;

    /// <summary>The centre said goodbye.</summary>
    /// <param name="Why">For people.</param>
    public sealed record Dismissed(string Why) : SessionEnd;

    /// <summary>The ring had to be renamed: connect again at once.</summary>
    public sealed record Renamed : SessionEnd;

    /// <summary>The agent left of its own will.</summary>
    public sealed record Left : SessionEnd;
}
