using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.Agent;

/// <summary>What of an engine's answer to <c>GET /containers/ID/json</c> is looked at.</summary>
internal sealed record EngineContainer(string? Name, int? RestartCount, EngineConfig? Config);

/// <summary>The part with the labels.</summary>
internal sealed record EngineConfig(IReadOnlyDictionary<string, string?>? Labels);

/// <summary>Source-generated, so that a trimmed agent has it.</summary>
[JsonSerializable(typeof(EngineContainer))]
internal sealed partial class EngineJson : JsonSerializerContext;

/// <summary>Reads an engine's answer. It is from outside, so anything may stand in it.</summary>
internal static class EngineAnswer
{
    /// <summary>The labels that name a container's service, the one that counts first.</summary>
    private static readonly string[] ServiceLabels = ["pressure.service", "com.docker.compose.service", "io.kubernetes.container.name"];

    private const int MaxName = 200;

    /// <summary>What it says of the container; null if it knows none, or makes no sense.</summary>
    /// <param name="response">A whole HTTP response.</param>
    public static ContainerLabels? Parse(ReadOnlySpan<byte> response)
    {
        var body = response.IndexOf("\r\n\r\n"u8);
        // "HTTP/1.0 200 OK"
        if (body < 0 || !response.StartsWith("HTTP/1."u8) || !response["HTTP/1.x".Length..].StartsWith(" 200"u8))
            return null;
        try
        {
            return JsonSerializer.Deserialize(response[(body + 4)..], EngineJson.Default.EngineContainer) is { } container ? Of(container) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ContainerLabels Of(EngineContainer container)
    {
        var labels = container.Config?.Labels;
        var service = labels is null ? null : ServiceLabels.Select(labels.GetValueOrDefault).FirstOrDefault(s => !string.IsNullOrWhiteSpace(s));
        return new ContainerLabels(Cut(container.Name?.TrimStart('/') ?? ""), service is null ? null : Cut(service), container.RestartCount);
    }

    private static string Cut(string text) => text.Length > MaxName ? text[..MaxName] : text;
}
