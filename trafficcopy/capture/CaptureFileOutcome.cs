namespace Pressure.TrafficCopy;

/// <summary>What came of reading a capture file. Whatever could be read has been handed on, whether there were problems or not.</summary>
public sealed record CaptureFileOutcome
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>What it is.</summary>
    public required CaptureFormat Format { get; init; }

    /// <summary>Packets handed on.</summary>
    public required long Packets { get; init; }

    /// <summary>Bytes read, unpacked.</summary>
    public required long Bytes { get; init; }

    /// <summary>What is wrong with it, in the order of the file: at most <see cref="MostProblems"/>.</summary>
    public required IReadOnlyList<CaptureFileProblem> Problems { get; init; }

    /// <summary>Problems beyond those.</summary>
    public long FurtherProblems { get; init; }

    /// <summary>Whether reading ended early because it was told to.</summary>
    public bool Stopped { get; init; }

    /// <summary>Whether all of it was read, and nothing was wrong with it.</summary>
    public bool IsComplete => Problems.Count == 0 && !Stopped;

    /// <summary>Most problems that are kept.</summary>
    public const int MostProblems = 20;
}

/// <summary>Something that is wrong with a capture file.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Where, in bytes from its beginning; of a packed file as if it were unpacked.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Remedy">What was done about it, and what can be done.</param>
public sealed record CaptureFileProblem(string File, long Offset, string What, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}, byte {Offset:N0}: {What} {Remedy}");
}

/// <summary>Formats of capture files.</summary>
public enum CaptureFormat
{
    /// <summary>None that can be read.</summary>
    Unknown,

    /// <summary>tcpdump's format.</summary>
    Pcap,

    /// <summary>Wireshark's format.</summary>
    PcapNg,
}
