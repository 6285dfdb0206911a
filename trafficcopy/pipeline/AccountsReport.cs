using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.TrafficCopy;

/// <summary>The accounts of a capture for machines. Names are those of the members in camel case; all are there, zeros too.</summary>
/// <param name="Balanced">Whether both sums agree.</param>
/// <param name="Packets">Packets read.</param>
/// <param name="PacketFates">What became of them.</param>
/// <param name="PayloadBytes">Bytes of TCP payload read.</param>
/// <param name="ByteFates">What became of them.</param>
/// <param name="Counts">What else was counted.</param>
public sealed record AccountsReport(
    bool Balanced, long Packets, IReadOnlyDictionary<string, long> PacketFates, long PayloadBytes, IReadOnlyDictionary<string, long> ByteFates,
    IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>A copy of accounts as they are now.</summary>
    public static AccountsReport Of(CaptureAccounts accounts) => new(
        accounts.IsBalanced, accounts.Packets, Counted<PacketFate>(f => accounts[f]), accounts.PayloadBytes, Counted<ByteFate>(f => accounts[f]),
        Counted<Happening>(h => accounts[h]));

    /// <summary>As JSON, indented.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AccountsJson.Default.AccountsReport);

    /// <summary>Adds them to accounts, as far as they make sense: they may come from elsewhere.</summary>
    public void AddTo(CaptureAccounts accounts)
    {
        accounts.Packets += Math.Max(0, Packets);
        accounts.PayloadBytes += Math.Max(0, PayloadBytes);
        Each<PacketFate>(PacketFates, accounts.Count);
        Each<ByteFate>(ByteFates, accounts.Count);
        Each<Happening>(Counts, accounts.Count);
    }

    private static void Each<T>(IReadOnlyDictionary<string, long> counts, Action<T, long> add) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (counts.TryGetValue(JsonNamingPolicy.CamelCase.ConvertName(Enum.GetName(value)!), out var count) && count > 0)
                add(value, count);
        }
    }

    private static Dictionary<string, long> Counted<T>(Func<T, long> count) where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(v => JsonNamingPolicy.CamelCase.ConvertName(Enum.GetName(v)!), count);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AccountsReport))]
internal sealed partial class AccountsJson : JsonSerializerContext;
