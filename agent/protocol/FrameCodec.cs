using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.Agent;

/// <summary>Frames as bytes: JSON in UTF-8, and the single byte 0 for a heartbeat. Frames from the other side are never trusted.</summary>
public static class FrameCodec
{
    /// <summary>The protocol's version that this program speaks.</summary>
    public const int Version = 1;

    /// <summary>Bytes of the longest frame; a longer one ends the connection.</summary>
    public const int MaxBytes = 256 * 1024;

    private const byte HeartbeatByte = 0;

    /// <summary>Appends a frame.</summary>
    public static void Write(Frame frame, IBufferWriter<byte> to)
    {
        if (frame is Frame.Heartbeat)
        {
            to.GetSpan(1)[0] = HeartbeatByte;
            to.Advance(1);
            return;
        }
        using var json = new Utf8JsonWriter(to);
        JsonSerializer.Serialize(json, frame, FrameJson.Default.Frame);
    }

    /// <summary>Reads a frame.</summary>
    /// <exception cref="InvalidDataException">The bytes are no frame.</exception>
    public static Frame Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [HeartbeatByte])
            return new Frame.Heartbeat();
        if (bytes.Length > MaxBytes)
            throw new InvalidDataException($"A frame of {bytes.Length} bytes is longer than {MaxBytes}.");
        try
        {
            return JsonSerializer.Deserialize(bytes, FrameJson.Default.Frame) ?? throw new InvalidDataException("The frame is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"No frame: {e.Message}", e);
        }
    }
}

/// <summary>The types of <see cref="FrameCodec"/>, by source generation, so that a trimmed agent has them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Frame))]
[JsonSerializable(typeof(AgentEntry))]
internal sealed partial class FrameJson : JsonSerializerContext;
