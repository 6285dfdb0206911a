using System.Text.Json.Serialization;

namespace Pressure.Faults;

/// <summary>Faults as JSON: in the journal, between controller and executor, over an agent's link.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FaultIntent))]
[JsonSerializable(typeof(FaultLeft))]
[JsonSerializable(typeof(EndedFault))]
[JsonSerializable(typeof(ExecutorRequest))]
[JsonSerializable(typeof(ExecutorAnswer))]
[JsonSerializable(typeof(FaultAsk))]
[JsonSerializable(typeof(FaultTold))]
[JsonSerializable(typeof(ExecutorIdentity))]
[JsonSerializable(typeof(Halt))]
[JsonSerializable(typeof(RunningExperiment))]
public sealed partial class FaultJson : JsonSerializerContext;
