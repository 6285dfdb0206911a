using System.Text.Json.Serialization;
using Pressure.TrafficCopy;

namespace Pressure.Agent;

/// <summary>What an agent tells of its capture.</summary>
public sealed record CaptureTold
{
    /// <summary>Its name; null when there is none (any more).</summary>
    public string? Capture { get; init; }

    /// <summary>What it captures, for people.</summary>
    public string? What { get; init; }

    /// <summary>Bytes of its stream, as asked for by <c>capture.read</c>.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>The host's clock when this was said, in nanoseconds since 1970.</summary>
    public long Now { get; init; }

    /// <summary>Whether nothing more is captured.</summary>
    public bool Ended { get; init; }

    /// <summary>Whether all of its stream has been fetched, and nothing more will come.</summary>
    public bool Over { get; init; }

    /// <summary>Why it ended, for people; null while it goes on, and when it was told to.</summary>
    public string? Why { get; init; }

    /// <summary>What was counted so far.</summary>
    public CaptureCounts? Counts { get; init; }

    /// <summary>What is masked, for people; told when it begins.</summary>
    public IReadOnlyList<string>? Masked { get; init; }

    /// <summary>The whole account; once it is over.</summary>
    public CaptureSettlement? Account { get; init; }
}

/// <summary>What was counted of a capture so far.</summary>
/// <param name="Packets">Packets looked at.</param>
/// <param name="Exchanges">Exchanges that were made of them and taken.</param>
/// <param name="Connections">Connections seen.</param>
/// <param name="Kernel">Packets that the kernel dropped, since they were not read in time.</param>
/// <param name="Shed">Packets that were let go to spare the processor.</param>
/// <param name="Rests">How often the thread rested to spare the processor.</param>
/// <param name="Dropped">Exchanges that were dropped, since nobody fetched those before in time.</param>
/// <param name="LeftOut">Exchanges that a filter left out.</param>
/// <param name="Waiting">Bytes that wait to be fetched.</param>
public sealed record CaptureCounts(long Packets, long Exchanges, long Connections, long Kernel, long Shed, long Rests, long Dropped, long LeftOut, long Waiting);

/// <summary>What became of everything.</summary>
/// <param name="Accounts">Packets and bytes.</param>
/// <param name="LeftOut">Exchanges that were not taken, by reason.</param>
/// <param name="Masked">How often something was masked, by kind.</param>
public sealed record CaptureSettlement(AccountsReport Accounts, IReadOnlyDictionary<string, long> LeftOut, IReadOnlyDictionary<string, long> Masked);

/// <summary>The types of the commands <c>capture.*</c> as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CaptureAsk))]
[JsonSerializable(typeof(CaptureFetch))]
[JsonSerializable(typeof(CaptureTold))]
public sealed partial class CaptureCommandJson : JsonSerializerContext;
