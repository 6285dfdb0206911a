using System.Text.Json;

namespace Pressure.Agent;

/// <summary><c>settings</c>: how the agent samples at the moment.</summary>
internal sealed class SettingsCommand(LiveSettings settings) : IAgentCommand
{
    public string Name => "settings";

    public Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop) =>
        Task.FromResult(new CommandOutcome(JsonSerializer.SerializeToElement(settings.Current, CommandJson.Default.AgentSettings)));
}
