using System.Text.Json;
using Pressure.Record;

namespace Pressure.Web.Access;

/// <summary>Small files as JSON.</summary>
internal static class AccessJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="IOException">It can't be written; the file is as before.</exception>
    public static void Write<T>(string path, T value, bool durable = true) => WholeFile.WriteSecret(path, JsonSerializer.SerializeToUtf8Bytes(value, Options), durable);

    /// <summary>The same as text, for files that several nodes share.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>What a file holds; null if there is none.</summary>
    /// <exception cref="IOException">The file can't be read or understood.</exception>
    public static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options) ?? throw new JsonException("It is empty.");
        }
        catch (Exception e) when (e is JsonException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} can't be read: {e.Message} Restore it, or remove it; what it describes must then be enrolled anew.", e);
        }
    }
}
