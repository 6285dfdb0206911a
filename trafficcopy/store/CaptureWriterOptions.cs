namespace Pressure.TrafficCopy;

/// <summary>How a capture is written.</summary>
public sealed record CaptureWriterOptions
{
    /// <summary>Whether blocks are compressed.</summary>
    public bool Compress { get; init; }

    /// <summary>What is masked before it gets here, in words: kept at the beginning of the file.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];

    /// <summary>How long something may wait before it is on the disk.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the file goes away when it is closed: for captures that are needed for one replay only.</summary>
    public bool IsTemporary { get; init; }
}

/// <summary>What is told at the end of a capture, besides its exchanges.</summary>
public sealed record CaptureOutcome
{
    /// <summary>What became of the packets; null for what was not made of packets.</summary>
    public CaptureAccounts? Accounts { get; init; }

    /// <summary>Exchanges that were left out before they were written, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();

    /// <summary>How often something was masked, by kind.</summary>
    public IReadOnlyDictionary<string, long> MaskedCounts { get; init; } = new Dictionary<string, long>();
}

/// <summary>A capture can't be written any more: the disk is full, or fails. What was written up to then stays and can be read.</summary>
public sealed class CaptureWriteException(string path, Exception cause)
    : IOException($"{path}: it can't be written any more: {cause.Message} What was written up to then stays.", cause);
