namespace Pressure.Record;

/// <summary>The end of a log that could not be read: what a crash had left incomplete, or everything behind a damaged record.</summary>
/// <param name="File">Name of the file within the run folder.</param>
/// <param name="BytesKept">Bytes of whole, sound records before it.</param>
/// <param name="BytesCut">Bytes left out.</param>
public sealed record TornTail(string File, long BytesKept, long BytesCut)
{
    /// <summary>What is wrong with the first record left out, for people.</summary>
    public string Why { get; init; } = "";
}
