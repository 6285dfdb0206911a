namespace Pressure.Agent;

/// <summary>Everything that a centre can ask of an agent.</summary>
public static class AgentCommands
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<IAgentCommand> All(LiveSettings settings, Func<IReadOnlyList<WatchedProcess>> watched, TimeProvider time) =>
    [
        new EchoCommand(),
        new SettingsCommand(settings),
        new ProcessesCommand(watched),
        new TopCommand(time),
    ];
}
