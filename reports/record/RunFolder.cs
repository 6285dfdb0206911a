namespace Pressure.Record;

/// <summary>
/// A run on disk: self-contained and portable.
/// <code>
/// plan.yaml        the plan as run          run.json        the manifest
/// intervals.log    one record a second      hosts.log       host and generator samples
/// events.log       timeline events          summary.json, report.html, ... are written by Pressure.Reports
/// </code>
/// The logs are append-only; each record is length, CRC-32C and payload, so a crash costs at most the record being written.
/// </summary>
public static class RunFolder
{
    /// <summary>File names within a run folder.</summary>
    public const string PlanFile = "plan.yaml", ManifestFile = "run.json", IntervalsFile = "intervals.log", HostsFile = "hosts.log", EventsFile = "events.log";

    /// <summary>Creates the folder with plan and manifest, and opens its logs for appending.</summary>
    /// <exception cref="IOException">The folder can't be written, or already holds a run.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static RunWriter Create(string path, RunManifest manifest, string planText) => throw new NotImplementedException();

    /// <summary>Whether the folder holds a run.</summary>
    public static bool Exists(string path) => File.Exists(Path.Combine(path, ManifestFile));

    /// <summary>Reads only the manifest.</summary>
    /// <exception cref="InvalidDataException">Not a run folder, or one of a newer version.</exception>
    public static RunManifest ReadManifest(string path) => throw new NotImplementedException();

    /// <summary>
    /// Reads all of a run, also one that goes on or was interrupted. Torn tails are left out and said in <see cref="RunRecord.Recoveries"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">Not a run folder, or one of a newer version.</exception>
    public static RunRecord Read(string path) => throw new NotImplementedException();

    /// <summary>When a process started, in clock ticks since boot; null when there is no such process.</summary>
    public static long? ProcessStart(int processId) => throw new NotImplementedException(processId.ToString());

    /// <summary>Whether the process that wrote the manifest is still running on this machine (process id and its start time).</summary>
    public static bool IsWriterAlive(RunManifest manifest) => throw new NotImplementedException();
}

/// <summary>Appends to a run folder's logs. Every call is on disk (in the kernel's hands) when it returns. Thread-safe.</summary>
public sealed class RunWriter : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path => throw new NotImplementedException();

    /// <summary>The manifest as written.</summary>
    public RunManifest Manifest => throw new NotImplementedException();

    /// <summary>Appends an interval.</summary>
    /// <exception cref="IOException">The disk is full or gone; what was written before stays readable, and later calls are tried again from a clean record boundary.</exception>
    public void Append(Interval interval) => throw new NotImplementedException();

    /// <summary>Appends a host sample.</summary>
    /// <exception cref="IOException">As for intervals.</exception>
    public void Append(HostSample sample) => throw new NotImplementedException();

    /// <summary>Appends a sample of the generator.</summary>
    /// <exception cref="IOException">As for intervals.</exception>
    public void Append(GeneratorSample sample) => throw new NotImplementedException();

    /// <summary>Appends an event.</summary>
    /// <exception cref="IOException">As for intervals.</exception>
    public void Append(TimelineEvent what) => throw new NotImplementedException();

    /// <summary>Flushes to the device and closes.</summary>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>Everything that a run folder holds of what happened, in order of time.</summary>
public sealed record RunRecord
{
    /// <summary>The manifest.</summary>
    public required RunManifest Manifest { get; init; }

    /// <summary>The plan as run.</summary>
    public required string PlanText { get; init; }

    /// <summary>Intervals as written, ordered by second and share.</summary>
    public required IReadOnlyList<Interval> Intervals { get; init; }

    /// <summary>Host samples, ordered by time.</summary>
    public required IReadOnlyList<HostSample> Hosts { get; init; }

    /// <summary>Generator samples, ordered by time.</summary>
    public required IReadOnlyList<GeneratorSample> Generator { get; init; }

    /// <summary>Timeline events, ordered by time.</summary>
    public required IReadOnlyList<TimelineEvent> Events { get; init; }

    /// <summary>What had to be cut from torn tails: file, bytes kept, bytes cut.</summary>
    public IReadOnlyList<TornTail> Recoveries { get; init; } = [];

    /// <summary>Whether the run was brought to its end (a <see cref="TimelineEvent.RunEnded"/> is there).</summary>
    public bool Ended => Events.Any(e => e is TimelineEvent.RunEnded);
}

/// <summary>The end of a log that a crash had left incomplete.</summary>
public sealed record TornTail(string File, long BytesKept, long BytesCut);
