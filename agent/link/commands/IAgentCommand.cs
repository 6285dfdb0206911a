using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.Agent;

/// <summary>Something that the centre can ask an agent to do. A new one is a file with this interface and a line in <see cref="AgentCommands"/>.</summary>
public interface IAgentCommand
{
    /// <summary>Its name in <see cref="Frame.Command"/>.</summary>
    string Name { get; }

    /// <summary>
    /// Does it. When <paramref name="stop"/> says so it ends early, with what it has by then or with an error; it may also throw
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop);
}

/// <summary>How a command went.</summary>
/// <param name="Body">What it gave.</param>
/// <param name="Error">What went wrong, for people; null if nothing did.</param>
public readonly record struct CommandOutcome(JsonElement? Body, string? Error = null)
{
    /// <summary>It went wrong.</summary>
    public static CommandOutcome Failed(string error) => new(null, error);
}

/// <summary>Arguments and results of commands as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AgentSettings))]
[JsonSerializable(typeof(TopCommand.TopAsk))]
[JsonSerializable(typeof(TopCommand.TopAnswer))]
[JsonSerializable(typeof(ProcessesCommand.ProcessesAnswer))]
[JsonSerializable(typeof(UpgradeCommand.UpgradeAsk))]
internal sealed partial class CommandJson : JsonSerializerContext;
