using System.Text.Json;

namespace Pressure.Agent;

/// <summary><c>processes</c>: which processes are watched.</summary>
internal sealed class ProcessesCommand(Func<IReadOnlyList<WatchedProcess>> watched) : IAgentCommand
{
    public string Name => "processes";

    public Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop) =>
        Task.FromResult(new CommandOutcome(JsonSerializer.SerializeToElement(new ProcessesAnswer(watched()), CommandJson.Default.ProcessesAnswer)));

    internal sealed record ProcessesAnswer(IReadOnlyList<WatchedProcess> Processes);
}
