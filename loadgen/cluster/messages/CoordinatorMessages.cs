using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>Everything that a worker needs to make a share. What is large comes by its hash, on demand.</summary>
public sealed record ShareOffer
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The share, from 0.</summary>
    public required int Share { get; init; }

    /// <summary>Which time it is given away.</summary>
    public required int Epoch { get; init; }

    /// <summary>Weights of all shares.</summary>
    public required IReadOnlyList<int> Weights { get; init; }

    /// <summary>From when on it is to be made; zero at the run's start.</summary>
    public TimeSpan From { get; init; }

    /// <summary>
    /// How far the worker's clock may be wrong: it begins so much later than the lease of the one before it ends. Null where nobody was before it.
    /// </summary>
    public TimeSpan? ClockSlack { get; init; }

    /// <summary>Version of Pressure of the coordinator.</summary>
    public required string Version { get; init; }

    /// <summary>The manifest of the run as JSON, for the worker's own run folder.</summary>
    public required string Manifest { get; init; }

    /// <summary>The plan's text.</summary>
    public required string Plan { get; init; }

    /// <summary>Files that the plan names, data and captures.</summary>
    public IReadOnlyList<OfferedFile> Files { get; init; } = [];

    /// <summary>Hosts that may be pressed, as allowed at the coordinator.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>How often the worker tells that it is alive.</summary>
    public required TimeSpan Heartbeat { get; init; }

    /// <summary>How long it goes on without being heard.</summary>
    public required TimeSpan Lease { get; init; }
}

/// <summary>A file by its content.</summary>
/// <param name="Name">As the plan names it, relative to the plan.</param>
/// <param name="Hash">SHA-256 of its bytes, in hexadecimal.</param>
/// <param name="Length">Bytes.</param>
public sealed record OfferedFile(string Name, string Hash, long Length);

/// <summary>A part of a file; its bytes are the rest of the message's body.</summary>
public sealed record FilePiece(string Hash, long Offset, long Length)
{
    /// <summary>Why it can't be given; null when it is.</summary>
    public string? Problem { get; init; }
}

/// <summary>What time it is at the coordinator.</summary>
/// <param name="Number">Of the question.</param>
/// <param name="Run">The run that it is about.</param>
/// <param name="Now">UTC.</param>
public sealed record ClockAnswer(string Run, int Number, DateTimeOffset Now);

/// <summary>The moment at which offset zero of the run is, by the coordinator's clock.</summary>
public sealed record ShareBegin(string Run, int Share, int Epoch, DateTimeOffset StartsAt);

/// <summary>How a run stands: all of it, every time, so that whoever missed the last orders misses nothing.</summary>
public sealed record Orders
{
    /// <summary>Rises from one to the next.</summary>
    public required long Number { get; init; }

    /// <summary>Who has which share: whoever is not named with a share's epoch stops making it at once.</summary>
    public required IReadOnlyList<ShareHolder> Holders { get; init; }

    /// <summary>Number of the last beat heard of each worker.</summary>
    public required IReadOnlyDictionary<string, long> Heard { get; init; }

    /// <summary>Everything that the load was changed by so far, in order.</summary>
    public IReadOnlyList<OrderedChange> Changes { get; init; } = [];

    /// <summary>Whether the load ends now.</summary>
    public bool Stop { get; init; }
}

/// <summary>Who has a share.</summary>
public sealed record ShareHolder(int Share, int Epoch, string Worker);

/// <summary>A change of the load and when it holds, on the run's clock.</summary>
/// <param name="At">From when on.</param>
/// <param name="Change">As <see cref="SteeringText"/> writes it.</param>
public sealed record OrderedChange(TimeSpan At, string Change);
