namespace Pressure.TrafficCopy;

/// <summary>What is asked of reading files of traffic.</summary>
public sealed record CaptureSourceOptions
{
    /// <summary>Whose connections are taken from packets.</summary>
    public AskedServers Asked { get; init; } = AskedServers.All;

    /// <summary>What is kept of conversations in packets. TLS is read with <see cref="KeyLog"/> unless something else is said here.</summary>
    public ConversationOptions Conversations { get; init; } = new();

    /// <summary>Secrets of TLS connections; those that files of packets hold come to it.</summary>
    public KeyLog KeyLog { get; init; } = new();

    /// <summary>Is told now and then which file is being read, and how many bytes of it have been read.</summary>
    public Action<string, long>? Progress { get; init; }

    /// <summary>Ends it early.</summary>
    public CancellationToken Stop { get; init; }
}

/// <summary>What came of reading files of traffic.</summary>
public sealed record CaptureSourcesOutcome
{
    /// <summary>What is wrong with the files, file by file.</summary>
    public IReadOnlyList<CaptureFileProblem> Problems { get; init; } = [];

    /// <summary>Problems beyond those.</summary>
    public long FurtherProblems { get; init; }

    /// <summary>Files of which nothing could be read.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Entries that are no exchanges and were left out, by reason (a stable word).</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();

    /// <summary>Files that begin before another one's end and so were read as other machines' traffic.</summary>
    public int Overlapping { get; init; }

    /// <summary>Whether it ended early because it was told to.</summary>
    public bool Stopped { get; init; }
}
