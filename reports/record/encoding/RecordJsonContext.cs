using System.Text.Json.Serialization;

namespace Pressure.Record;

/// <summary>The types of <see cref="RecordJson"/>, by source generation, so that a trimmed agent can write them too.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, // what follows from the rest is not stored
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a rate of NaN is a bug to be seen, not a lost record
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunManifest))]
[JsonSerializable(typeof(HostsEntry))]
[JsonSerializable(typeof(TimelineEvent))]
[JsonSerializable(typeof(ReplayRecord))]
[JsonSerializable(typeof(DifferenceRecord))]
internal sealed partial class RecordJsonContext : JsonSerializerContext;
