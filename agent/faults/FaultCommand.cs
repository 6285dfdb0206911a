using System.Text.Json;
using Pressure.Faults;

namespace Pressure.Agent;

/// <summary>A command of the family <c>fault.*</c>, all of which take a <see cref="FaultAsk"/> and give a <see cref="FaultTold"/>.</summary>
internal sealed class FaultCommand(string name, Func<FaultAsk, CancellationToken, Task<FaultTold>> run) : IAgentCommand
{
    public string Name => name;

    public async Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop)
    {
        try
        {
            var ask = body?.Deserialize(FaultJson.Default.FaultAsk) ?? new FaultAsk();
            return new CommandOutcome(JsonSerializer.SerializeToElement(await run(ask, stop), FaultJson.Default.FaultTold));
        }
        catch (JsonException e)
        {
            return CommandOutcome.Failed($"{name} can't understand what is asked: {e.Message}");
        }
        catch (Exception e) when (e is FaultException or DockerException or IOException or UnauthorizedAccessException)
        {
            return CommandOutcome.Failed(e.Message);
        }
    }
}
