using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pressure.Record;

/// <summary>How the parts of a run folder that are JSON are written: camel case, enums by name, other scripts readable.</summary>
internal static class RecordJson
{
    private static readonly JsonSerializerOptions Compact = new(RecordJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    public static JsonTypeInfo<RunManifest> Manifest { get; } = Of<RunManifest>(Indented);

    public static JsonTypeInfo<HostsEntry> Hosts { get; } = Of<HostsEntry>(Compact);

    public static JsonTypeInfo<ReplayRecord> Replay { get; } = Of<ReplayRecord>(Indented);

    public static JsonTypeInfo<DifferenceRecord> Differences { get; } = Of<DifferenceRecord>(Indented);

    public static JsonTypeInfo<TimelineEvent> Events { get; } = Of<TimelineEvent>(Compact);

    /// <summary>Reads a value.</summary>
    /// <exception cref="InvalidDataException">The bytes are not JSON of this type.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type) ?? throw new InvalidDataException("The JSON value is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static JsonTypeInfo<T> Of<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
