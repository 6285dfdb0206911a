using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.Cluster;

/// <summary>A line to a run's control socket.</summary>
/// <param name="Do"><c>status</c>, <c>rate</c>, <c>users</c>, <c>pause</c>, <c>resume</c>, <c>stop</c> (gracefully), <c>stop-now</c> or <c>mark</c>.</param>
/// <param name="Value">Of a rate or users: <c>500/s</c>, <c>150%</c>, <c>50</c>, <c>plan</c>; of a mark <c>detected</c>, <c>located</c>, <c>recovered</c>.</param>
/// <param name="Note">What to add to a mark.</param>
public sealed record ControlRequest(string Do, string? Value = null, string? Note = null);

/// <summary>The line that answers it.</summary>
/// <param name="Ok">Whether the run is now as was wished.</param>
public sealed record ControlReply(bool Ok)
{
    /// <summary>False when it was so already.</summary>
    public bool Changed { get; init; }

    /// <summary>Seconds since the run's start from which on the change holds.</summary>
    public double? At { get; init; }

    /// <summary>Why not, for people.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>How the run goes on.</summary>
    public RunStatus? Run { get; init; }
}

/// <summary>How both are written: a JSON object a line.</summary>
internal static class ControlJson
{
    /// <summary>Longer lines are garbage.</summary>
    public const int LongestLine = 16 * 1024;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 8,
    };

    public static byte[] Write<T>(T message) => [.. JsonSerializer.SerializeToUtf8Bytes(message, Options), (byte)'\n'];

    /// <summary>Null for what is no such message.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
