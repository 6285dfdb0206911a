using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>A fault gateway that runs on this machine, as its file in the state folder says (<c>gateways/</c>).</summary>
/// <param name="Listen">Where it listens: <c>127.0.0.1:8081</c>.</param>
/// <param name="To">Where it leads.</param>
/// <param name="Control">Path of its control socket.</param>
public sealed record GatewayControl(string Listen, string To, string Control)
{
    private const int MostBytes = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The file of a gateway by where it listens.</summary>
    public static string FileOf(string folder, string listen) => Path.Combine(folder, "gateways", string.Concat(listen.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')) + ".json");

    /// <summary>Looks for the gateway that listens somewhere; null if there is none.</summary>
    public static GatewayControl? Find(string folder, string listen) => Read(FileOf(folder, listen));

    /// <summary>All that run, or ran and left their file.</summary>
    public static IReadOnlyList<GatewayControl> All(string folder)
    {
        var gateways = Path.Combine(folder, "gateways");
        return Directory.Exists(gateways) ? [.. Directory.GetFiles(gateways, "*.json").Select(Read).OfType<GatewayControl>().OrderBy(g => g.Listen, StringComparer.Ordinal)] : [];
    }

    /// <summary>Writes its file.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(folder, Listen))!);
        File.WriteAllText(FileOf(folder, Listen), new JsonObject { ["listen"] = Listen, ["to"] = To, ["control"] = Control }.ToJsonString());
    }

    /// <summary>Asks it something; its answer, null if it is gone.</summary>
    /// <exception cref="FaultException">It says no, or nothing.</exception>
    public async Task<JsonObject?> AskAsync(JsonObject question, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Control), limit.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
        {
            return null;
        }
        catch (SocketException e)
        {
            throw new FaultException($"The gateway's control socket {Control} can't be used: {e.Message}", e);
        }
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(question.ToJsonString() + "\n"), limit.Token);
            var answer = await LineAsync(stream, limit.Token) is { Length: > 0 } line ? JsonNode.Parse(line) as JsonObject : null;
            if (answer is null)
                return null;
            return answer["error"]?.GetValue<string>() is { } error ? throw new FaultException($"The gateway says: {error}") : answer;
        }
        catch (IOException)
        {
            // It ended while it was asked.
            return null;
        }
        catch (JsonException e)
        {
            throw new FaultException($"What answers on {Control} is no gateway.", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new FaultException($"The gateway on {Listen} does not answer.", e);
        }
    }

    /// <summary>Reads up to a line's end; null if it ends before, or has no end.</summary>
    public static async Task<string?> LineAsync(Stream stream, CancellationToken stop)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[4096];
        while (bytes.Length < MostBytes && await stream.ReadAsync(buffer, stop) is > 0 and var count)
        {
            var end = buffer.AsSpan(0, count).IndexOf((byte)'\n');
            bytes.Write(buffer, 0, end < 0 ? count : end);
            if (end >= 0)
                return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        return null;
    }

    private static GatewayControl? Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) is JsonObject written && Text(written, "listen") is { } listen && Text(written, "to") is { } to && Text(written, "control") is { } control
                ? new(listen, to, control) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }

        static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
