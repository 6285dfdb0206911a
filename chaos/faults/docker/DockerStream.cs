using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Objects that an engine sends one by one.</summary>
public sealed class DockerStream : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    internal DockerStream(HttpResponseMessage answer, Stream body) => (_answer, _lines) = (answer, new StreamReader(body));

    /// <summary>The next one; null when the engine has ended them.</summary>
    /// <exception cref="DockerException">The engine went away in between.</exception>
    public async Task<JsonObject?> NextAsync(CancellationToken stop)
    {
        try
        {
            return await _lines.ReadLineAsync(stop) is { Length: > 0 } line ? JsonNode.Parse(line) as JsonObject : null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            throw new DockerException($"The container engine ended in the middle of what it told: {e.Message}", "See whether it runs.", null, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
