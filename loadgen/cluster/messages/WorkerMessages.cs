using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A worker tells that it is there: each second, also while it works.</summary>
public sealed record WorkerCard
{
    /// <summary>Its name, unique among the workers of a bus.</summary>
    public required string Name { get; init; }

    /// <summary>A number of this start of it: two at once under one name are two workers, and neither is taken.</summary>
    public required Guid Instance { get; init; }

    /// <summary>Version of Pressure; only workers of the coordinator's own version are taken.</summary>
    public required string Version { get; init; }

    /// <summary>Region label; empty without one.</summary>
    public string Region { get; init; } = "";

    /// <summary>Other labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Requests per second that it measured itself to be capable of; 0 if it did not.</summary>
    public double Capacity { get; init; }

    /// <summary>Cores that it sees.</summary>
    public int Cores { get; init; }

    /// <summary>Files (and so connections) that it may have open.</summary>
    public int Descriptors { get; init; }

    /// <summary>The run that it works for; null while it is free.</summary>
    public string? Run { get; init; }
}

/// <summary>A worker is ready to begin, or says why not.</summary>
public sealed record ShareReady(string Worker, int Share, int Epoch)
{
    /// <summary>Coordinator's clock minus the worker's own.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>How far that may be wrong, either way.</summary>
    public TimeSpan ClockUncertainty { get; init; }

    /// <summary>What keeps it from beginning, each with what to do; empty when it is ready.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A worker wants a part of a file.</summary>
public sealed record FileWanted(string Worker, string Hash, long Offset);

/// <summary>A worker asks what time it is.</summary>
/// <param name="Worker">Who asks.</param>
/// <param name="Number">Of the question.</param>
public sealed record ClockQuestion(string Worker, int Number);

/// <summary>A worker of a run is alive.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Instance">Its <see cref="WorkerCard.Instance"/>.</param>
/// <param name="Number">Rises with every beat of the worker.</param>
/// <param name="Shares">What it makes.</param>
public sealed record Beat(string Worker, Guid Instance, long Number, IReadOnlyList<HeldShare> Shares);

/// <summary>A share that a worker makes. An epoch is one worker's time with a share; the next one's is higher.</summary>
public readonly record struct HeldShare(int Share, int Epoch);

/// <summary>A closed second of a share. Its <see cref="Interval"/> is the rest of the message's body.</summary>
/// <remarks>Known by (share, epoch, second): the same one again changes nothing.</remarks>
public sealed record ShareSecond(string Worker, int Share, int Epoch)
{
    /// <summary>What the worker itself did in it.</summary>
    public required GeneratorSample Generator { get; init; }

    /// <summary>Names of data files whose rows are used up.</summary>
    public IReadOnlyList<string> UsedUp { get; init; } = [];
}

/// <summary>How faithful a share of a replay is so far: told every few seconds and before its end, each time all of it. The higher one of two is the later one.</summary>
public sealed record ShareReplay(string Worker, int Share, int Epoch, ReplayAccount Account);

/// <summary>A worker is done with a share: all its seconds were sent before this.</summary>
public sealed record ShareEnded(string Worker, int Share, int Epoch)
{
    /// <summary>Seconds that it has sent.</summary>
    public required int Seconds { get; init; }

    /// <summary>Until when it could have started requests: its lease's end if that ended it, else the load's.</summary>
    public required TimeSpan Until { get; init; }

    /// <summary>Whether its lease ended it.</summary>
    public bool LeaseRanOut { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public string? Failure { get; init; }
}
