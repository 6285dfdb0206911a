using System.Text.Json;

namespace Pressure.Agent;

/// <summary><c>echo</c>: gives back what it was given. Tells that an agent listens, and how fast.</summary>
internal sealed class EchoCommand : IAgentCommand
{
    public string Name => "echo";

    public Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop) => Task.FromResult(new CommandOutcome(body));
}
