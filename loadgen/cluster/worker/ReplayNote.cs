using System.Text.Json;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What a share's replay has come to, beside its record (<c>account.json</c>): told from there, so that a worker that starts again tells what it was at when it was killed.</summary>
internal static class ReplayNote
{
    private const string FileName = "account.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Renews it, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full or gone; what was written before stands.</exception>
    public static void Write(string folder, ReplayAccount account) =>
        WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(account, Options), durable: false);

    /// <summary>When it was renewed last; null if it never was.</summary>
    public static DateTime? At(string folder) => new FileInfo(Path.Combine(folder, FileName)) is { Exists: true } file ? file.LastWriteTimeUtc : null;

    /// <summary>Reads it; null if it makes no sense.</summary>
    public static ReplayAccount? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ReplayAccount>(File.ReadAllBytes(Path.Combine(folder, FileName)), Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
