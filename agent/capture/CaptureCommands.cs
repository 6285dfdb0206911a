using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pressure.Agent;

/// <summary>What a centre can ask of an agent about traffic, and what it hears where nobody allowed that.</summary>
public static class CaptureCommands
{
    /// <summary>The list.</summary>
    /// <param name="captures">Captures; null where whoever started the agent did not allow it.</param>
    public static IReadOnlyList<IAgentCommand> All(AgentCaptures? captures)
    {
        var (ask, fetch) = (CaptureCommandJson.Default.CaptureAsk, CaptureCommandJson.Default.CaptureFetch);
        return
        [
            new CaptureCommand<CaptureAsk>("capture.start", ask, captures is null ? null : (body, _) => Task.FromResult(captures.Start(body))),
            new CaptureCommand<CaptureFetch>("capture.read", fetch, captures is null ? null : captures.ReadAsync),
            new CaptureCommand<CaptureFetch>("capture.stop", fetch, captures is null ? null : (body, _) => Task.FromResult(captures.Stop(body))),
            new CaptureCommand<CaptureFetch>("capture.close", fetch, captures is null ? null : (body, _) => Task.FromResult(captures.Close(body))),
            new CaptureCommand<CaptureFetch>("capture.status", fetch, captures is null ? null : (_, _) => Task.FromResult(captures.Status())),
        ];
    }

    private sealed class CaptureCommand<TAsk>(string name, JsonTypeInfo<TAsk> type, Func<TAsk, CancellationToken, Task<CaptureTold>>? run) : IAgentCommand
        where TAsk : class, new()
    {
        public string Name => name;

        public async Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop)
        {
            if (run is null)
                return CommandOutcome.Failed("This agent captures no traffic. Whoever owns its host allows it by starting it with: pressure-agent run --allow-capture 80,443");
            try
            {
                var told = await run(body?.Deserialize(type) ?? new TAsk(), stop);
                return new CommandOutcome(JsonSerializer.SerializeToElement(told, CaptureCommandJson.Default.CaptureTold));
            }
            catch (JsonException e)
            {
                return CommandOutcome.Failed($"{name} can't understand what is asked: {e.Message}");
            }
            catch (CaptureRefusedException e)
            {
                return CommandOutcome.Failed(e.Message);
            }
        }
    }
}
