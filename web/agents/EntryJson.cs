using System.Text.Json;
using System.Text.Json.Serialization;
using Pressure.Web.Access;

namespace Pressure.Web.Agents;

/// <summary>Entries of agents as lines of JSON, as the API streams them; times and names are those of a run's <c>hosts.log</c>.</summary>
internal static class EntryJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static byte[] Write(StoredEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, Options);

    /// <exception cref="InvalidDataException">It is no entry.</exception>
    public static StoredEntry Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var read = JsonSerializer.Deserialize<StoredEntry>(line, Options) ?? throw new InvalidDataException("The entry is null.");
            return read.Entry.Host is null == read.Entry.Gc is null ? throw new InvalidDataException("An entry is either a sample or a collection.") : read;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException)
        {
            throw new InvalidDataException($"No entry: {e.Message}", e);
        }
    }
}
