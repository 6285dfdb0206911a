using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Pressure.TrafficCopy;

/// <summary>A store's first record.</summary>
internal sealed record CaptureHeader
{
    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary>What is masked before it is written, in words.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];
}

/// <summary>A store's last record.</summary>
internal sealed record CaptureSummary
{
    public required long Exchanges { get; init; }

    public required long Connections { get; init; }

    public required long FirstAt { get; init; }

    public required long LastAt { get; init; }

    public IReadOnlyList<EndpointCount> Endpoints { get; init; } = [];

    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> MaskedCounts { get; init; } = new Dictionary<string, long>();

    public StoredAccounts? Accounts { get; init; }

    public CaptureInfo ToInfo(string name, CaptureHeader header) => new()
    {
        Name = name,
        Exchanges = Exchanges,
        Connections = Connections,
        FirstAt = FirstAt,
        LastAt = LastAt,
        Endpoints = Endpoints,
        Masked = header.Masked,
        Begun = header.Begun,
        Accounts = Accounts?.ToAccounts(),
        LeftOut = LeftOut,
        MaskedCounts = MaskedCounts,
    };
}

/// <summary><see cref="CaptureAccounts"/> as they are stored; what is 0 is left out.</summary>
internal sealed record StoredAccounts
{
    public required long Packets { get; init; }

    public required long PayloadBytes { get; init; }

    public IReadOnlyDictionary<string, long> PacketFates { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> ByteFates { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> Happenings { get; init; } = new Dictionary<string, long>();

    public static StoredAccounts Of(CaptureAccounts accounts) => new()
    {
        Packets = accounts.Packets,
        PayloadBytes = accounts.PayloadBytes,
        PacketFates = Counts<PacketFate>(f => accounts[f]),
        ByteFates = Counts<ByteFate>(f => accounts[f]),
        Happenings = Counts<Happening>(h => accounts[h]),
    };

    public CaptureAccounts ToAccounts()
    {
        var accounts = new CaptureAccounts { Packets = Packets, PayloadBytes = PayloadBytes };
        foreach (var fate in Enum.GetValues<PacketFate>())
            accounts.Count(fate, Of(PacketFates, fate));
        foreach (var fate in Enum.GetValues<ByteFate>())
            accounts.Count(fate, Of(ByteFates, fate));
        foreach (var what in Enum.GetValues<Happening>())
            accounts.Count(what, Of(Happenings, what));
        return accounts;
    }

    private static long Of<T>(IReadOnlyDictionary<string, long> counts, T name)
        where T : struct, Enum => counts.GetValueOrDefault(JsonNamingPolicy.CamelCase.ConvertName(name.ToString()));

    private static Dictionary<string, long> Counts<T>(Func<T, long> count)
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(name => count(name) != 0).ToDictionary(name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()), count);
}

/// <summary>The JSON parts of a store.</summary>
internal static class CaptureJson
{
    /// <summary>Reads a record's JSON.</summary>
    /// <exception cref="InvalidDataException">It is none of this type.</exception>
    public static T Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload[1..], type) ?? throw new InvalidDataException("it is null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>A record's payload.</summary>
    public static byte[] Payload<T>(RecordKind kind, T value, JsonTypeInfo<T> type) => [(byte)kind, .. JsonSerializer.SerializeToUtf8Bytes(value, type)];
}

/// <summary>The types of <see cref="CaptureJson"/>, by source generation, so that a trimmed agent can write them too.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CaptureHeader))]
[JsonSerializable(typeof(CaptureSummary))]
internal sealed partial class CaptureJsonContext : JsonSerializerContext;
