using System.Text.Json;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What lies beside the record of a share (<c>share.json</c>), so that a worker that starts again can deliver what it could not.</summary>
/// <param name="Run">The run.</param>
/// <param name="Share">The share.</param>
/// <param name="Epoch">Which time it was given away.</param>
internal sealed record ShareNote(string Run, int Share, int Epoch)
{
    private const string FileName = "share.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>How it ended; null while it goes on, or if the worker was killed.</summary>
    public ShareEnded? Ended { get; init; }

    /// <summary>Whether all of it was delivered, or nobody wanted it any more.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full or gone; what was written before stands.</exception>
    public static void Write(string folder, ShareNote note) =>
        WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(note, Options), durable: false);

    /// <summary>Reads it; null if it is not there or makes no sense.</summary>
    public static ShareNote? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ShareNote>(File.ReadAllBytes(Path.Combine(folder, FileName)), Options) is { } note && OfferRules.IsRun(note.Run) ? note : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Nothing is left to deliver.</summary>
    public static void Settle(string folder)
    {
        try
        {
            if (Read(folder) is { } note)
                Write(folder, note with { IsSettled = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is delivered again at the next start, and passed over by its coordinator.
        }
    }
}
