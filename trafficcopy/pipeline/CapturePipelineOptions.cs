namespace Pressure.TrafficCopy;

/// <summary>What is wanted of a capture's packets, and how much may be held on the way.</summary>
public sealed record CapturePipelineOptions
{
    /// <summary>Whose connections are asked for.</summary>
    public AskedServers Asked { get; init; } = AskedServers.All;

    /// <summary>How much reassembly may hold, and for how long.</summary>
    public ReassemblyLimits Limits { get; init; } = new();

    /// <summary>What is kept of conversations, and who reads what is inside of them.</summary>
    public ConversationOptions Conversations { get; init; } = new();
}
