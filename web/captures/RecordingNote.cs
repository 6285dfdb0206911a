using System.Text.Json;
using Pressure.Record;

namespace Pressure.Web.Captures;

/// <summary>
/// What a service needs to go on with a capture on an agent's host when it was killed and started anew: a file beside the capture's, gone when that has ended.
/// </summary>
/// <remarks>
/// The agent forgets what lies before the place that it is asked for, and it is asked for no more before this note is written. So all behind
/// <see cref="Place"/> is there or here, and what stands in the file behind <see cref="Length"/> comes once more.
/// </remarks>
internal sealed record RecordingNote
{
    private const string Ending = ".going";
    private const int Longest = 1 << 20;
    private const double LongestLease = 86_400;

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>Its name of the capture.</summary>
    public required string Capture { get; init; }

    /// <summary>What is captured, for people.</summary>
    public string? What { get; init; }

    /// <summary>What is masked, for people.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];

    /// <summary>Seconds for which the agent keeps what it has.</summary>
    public double Lease { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Begun { get; init; }

    /// <summary>The capture's file, without its folder.</summary>
    public required string File { get; init; }

    /// <summary>The node that writes it, where there are several; null for the only one.</summary>
    public string? Node { get; init; }

    /// <summary>The place of the stream up to which all is in the file.</summary>
    public long Place { get; init; }

    /// <summary>How long the file is up to there.</summary>
    public long Length { get; init; }

    /// <summary>Exchanges up to there.</summary>
    public long Exchanges { get; init; }

    /// <summary>Whether somebody has ended it.</summary>
    public bool Stopping { get; init; }

    /// <summary>The notes in a folder, the oldest first; what is none is left alone.</summary>
    public static IReadOnlyList<RecordingNote> In(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.capture" + Ending).Select(Read).OfType<RecordingNote>().OrderBy(n => n.Begun)] : [];

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">It can't be written; the one before stays.</exception>
    public void Write(string folder) => WholeFile.WriteSecret(PathIn(folder), JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web), durable: false);

    /// <summary>Takes it away: the capture has ended.</summary>
    public void Remove(string folder) => System.IO.File.Delete(PathIn(folder));

    private string PathIn(string folder) => Path.Combine(folder, File + Ending);

    private static RecordingNote? Read(string path)
    {
        try
        {
            // It says itself which file it is about; it must be the one beside it.
            return new FileInfo(path).Length <= Longest && JsonSerializer.Deserialize<RecordingNote>(System.IO.File.ReadAllText(path), JsonSerializerOptions.Web) is { Place: >= 0, Length: > 0, Exchanges: >= 0, Agent.Length: > 0, Capture.Length: > 0, Masked: not null, Lease: >= 0 and <= LongestLease } note && note.File + Ending == Path.GetFileName(path)
                ? note
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
