using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.Cluster;

/// <summary>Writes messages and takes them apart: the length of the JSON, the JSON, then bytes that are none (an interval, a piece of a file).</summary>
public static class MessageBody
{
    private const int LengthBytes = 4;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 32,
    };

    /// <summary>Writes a message.</summary>
    public static BusMessage Write<T>(string kind, T head, ReadOnlySpan<byte> rest = default)
        where T : class
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(head, Options);
        var body = new byte[LengthBytes + json.Length + rest.Length];
        BinaryPrimitives.WriteInt32LittleEndian(body, json.Length);
        json.CopyTo(body, LengthBytes);
        rest.CopyTo(body.AsSpan(LengthBytes + json.Length));
        return new(kind, body);
    }

    /// <summary>Takes one apart.</summary>
    /// <exception cref="InvalidDataException">It is not what its kind says.</exception>
    public static T Read<T>(BusMessage message, out ReadOnlyMemory<byte> rest)
        where T : class
    {
        var body = message.Body;
        if (body.Length < LengthBytes || BinaryPrimitives.ReadInt32LittleEndian(body.Span) is var length && (length < 0 || length > body.Length - LengthBytes))
            throw new InvalidDataException($"A message of kind {message.Kind} has a wrong length.");
        rest = body[(LengthBytes + length)..];
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span.Slice(LengthBytes, length), Options) ?? throw new InvalidDataException($"A message of kind {message.Kind} is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"A message of kind {message.Kind} is not JSON of its type: {e.Message}", e);
        }
    }
}
