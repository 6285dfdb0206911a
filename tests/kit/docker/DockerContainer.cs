using System.Text;
using System.Text.Json;

namespace Pressure.TestKit;

/// <summary>A container of a <see cref="DockerEngine"/>.</summary>
public sealed class DockerContainer(DockerEngine engine, string id, string name) : IAsyncDisposable
{
    private bool _gone;

    /// <summary>Its id, 64 hex digits.</summary>
    public string Id => id;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its first process's id on the machine.</summary>
    public async Task<int> PidAsync() => (await InspectAsync()).GetProperty("State").GetProperty("Pid").GetInt32();

    /// <summary>Its address on the engine's bridge, which the machine itself reaches.</summary>
    public async Task<string> AddressAsync() => (await InspectAsync()).GetProperty("NetworkSettings").GetProperty("IPAddress").GetString()!;

    /// <summary>What the engine knows of it.</summary>
    public Task<JsonElement> InspectAsync() => engine.AskAsync(HttpMethod.Get, $"containers/{id}/json");

    /// <summary>What it uses, as the engine counts it.</summary>
    public Task<JsonElement> StatsAsync() => engine.AskAsync(HttpMethod.Get, $"containers/{id}/stats?stream=0&one-shot=1");

    /// <summary>What it has written to its standard output and error.</summary>
    public async Task<string> LogAsync()
    {
        // Frames: kind (1), three zeros, length (4, big-endian), text.
        var bytes = await engine.BytesAsync($"containers/{id}/logs?stdout=1&stderr=1");
        var text = new StringBuilder();
        for (var at = 0; at + 8 <= bytes.Length;)
        {
            var length = (bytes[at + 4] << 24) | (bytes[at + 5] << 16) | (bytes[at + 6] << 8) | bytes[at + 7];
            text.Append(Encoding.UTF8.GetString(bytes, at + 8, Math.Min(length, bytes.Length - at - 8)));
            at += 8 + length;
        }
        return text.ToString();
    }

    /// <summary>Sends it a signal: <c>KILL</c>, <c>STOP</c>, <c>CONT</c>.</summary>
    public Task SignalAsync(string signal) => engine.AskAsync(HttpMethod.Post, $"containers/{id}/kill?signal={signal}");

    /// <summary>Ends and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_gone)
            return;
        _gone = true;
        await engine.RemoveAsync(id);
    }
}
