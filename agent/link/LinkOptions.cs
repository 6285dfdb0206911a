namespace Pressure.Agent;

/// <summary>What a link to the centre is made of.</summary>
public sealed record LinkOptions
{
    /// <summary>Who the agent is.</summary>
    public required AgentIdentity Identity { get; init; }

    /// <summary>Where the service is reached; usually the address of the enrolment alone.</summary>
    public AgentServers Servers { get => field ??= new(Identity.Server); init; }

    /// <summary>Where settings go to.</summary>
    public required LiveSettings Settings { get; init; }

    /// <summary>The clock that entries are stamped with and that the centre asks for; also for waiting.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>What the centre may ask for.</summary>
    public required IReadOnlyList<IAgentCommand> Commands { get; init; }

    /// <summary>The running process.</summary>
    public required Guid Instance { get; init; }

    /// <summary>The instance that this one was started to replace; null otherwise.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>For back-off.</summary>
    public required Random Random { get; init; }

    /// <summary>Takes what people should know; called now and then, from any thread.</summary>
    public required Action<string> Tell { get; init; }
}
