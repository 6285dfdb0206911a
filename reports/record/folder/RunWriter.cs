using System.Text.Json;

namespace Pressure.Record;

/// <summary>Appends to a run folder's logs. Every call is on disk (in the kernel's hands) when it returns. Thread-safe.</summary>
public sealed class RunWriter : IDisposable
{
    private readonly LogWriter _intervals;
    private readonly LogWriter _hosts;
    private readonly LogWriter _events;

    internal RunWriter(string path, RunManifest manifest, LogWriter intervals, LogWriter hosts, LogWriter events)
    {
        Path = path;
        Manifest = manifest;
        _intervals = intervals;
        _hosts = hosts;
        _events = events;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The manifest as written.</summary>
    public RunManifest Manifest { get; }

    /// <summary>Appends an interval.</summary>
    /// <exception cref="IOException">The disk is full or gone; what was written before stays readable, and later calls are tried again from a clean record boundary.</exception>
    /// <exception cref="ArgumentException">The interval has not one entry per request of the manifest.</exception>
    public void Append(Interval interval)
    {
        if (interval.Requests.Count != Manifest.Requests.Count)
            throw new ArgumentException($"The interval has {interval.Requests.Count} requests, the manifest {Manifest.Requests.Count}.", nameof(interval));
        _intervals.Append(interval.Encode());
    }

    /// <summary>Appends a host sample.</summary>
    /// <exception cref="IOException">As for intervals.</exception>
    public void Append(HostSample sample) =>
        _hosts.Append(JsonSerializer.SerializeToUtf8Bytes(new HostsEntry(Host: sample), RecordJson.Hosts));

    /// <summary>Appends a sample of the generator.</summary>
    /// <exception cref="IOException">As for intervals.</exception>
    public void Append(GeneratorSample sample) =>
        _hosts.Append(JsonSerializer.SerializeToUtf8Bytes(new HostsEntry(Generator: sample), RecordJson.Hosts));

    /// <summary>Appends a garbage collection.</summary>
    /// <exception cref="IOException">As for intervals.</exception>
    public void Append(GcEvent collection) =>
        _hosts.Append(JsonSerializer.SerializeToUtf8Bytes(new HostsEntry(Gc: collection), RecordJson.Hosts));

    /// <summary>Appends an event.</summary>
    /// <exception cref="IOException">As for intervals.</exception>
    public void Append(TimelineEvent what) => _events.Append(JsonSerializer.SerializeToUtf8Bytes(what, RecordJson.Events));

    /// <summary>Renews what is known of a replay.</summary>
    /// <exception cref="IOException">The disk is full or gone; what was written before stands.</exception>
    public void Write(ReplayRecord replay) =>
        WholeFile.Write(System.IO.Path.Combine(Path, RunFolder.ReplayFile), JsonSerializer.SerializeToUtf8Bytes(replay, RecordJson.Replay));

    /// <summary>Renews what is known of differences.</summary>
    /// <exception cref="IOException">As for replays.</exception>
    public void Write(DifferenceRecord differences) =>
        WholeFile.Write(System.IO.Path.Combine(Path, RunFolder.DifferencesFile), JsonSerializer.SerializeToUtf8Bytes(differences, RecordJson.Differences));

    /// <summary>Renews what a coordinator needs that comes back, in its own words.</summary>
    /// <exception cref="IOException">As for replays.</exception>
    public void WriteCrew(ReadOnlySpan<byte> state) => WholeFile.Write(System.IO.Path.Combine(Path, RunFolder.CrewFile), state);

    /// <summary>Gives the space back that was kept for this: when the disk is full, the last events still find room.</summary>
    public void FreeReserve()
    {
        try
        {
            File.Delete(System.IO.Path.Combine(Path, RunFolder.ReserveFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or locked; there is no space to give back.
        }
    }

    /// <summary>Flushes to the device and closes.</summary>
    /// <exception cref="IOException">The device did not take everything; all files are closed all the same.</exception>
    public void Dispose()
    {
        FreeReserve();
        using (_intervals)
        using (_hosts)
        using (_events)
        {
        }
    }
}
