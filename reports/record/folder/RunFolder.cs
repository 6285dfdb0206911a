using System.Text;
using System.Text.Json;

namespace Pressure.Record;

/// <summary>
/// A run on disk: self-contained and portable.
/// <code>
/// plan.yaml        the plan as run          run.json        the manifest
/// intervals.log    one record a second      hosts.log       host and generator samples, collections
/// events.log       timeline events          summary.json, report.html, ... are written by Pressure.Reports
/// replay.json      how faithful a replay was, and
/// differences.json what was found in its answers, if they were compared; renewed while it goes on
/// crew.json        which worker has which share, of a run over several; renewed while it goes on, for a coordinator that comes back
/// </code>
/// The logs are append-only; each record is length, CRC-32C and payload, so a crash costs at most the record being written.
/// </summary>
public static class RunFolder
{
    /// <summary>File names within a run folder.</summary>
    public const string PlanFile = "plan.yaml", ManifestFile = "run.json", IntervalsFile = "intervals.log", HostsFile = "hosts.log", EventsFile = "events.log",
        ReplayFile = "replay.json", DifferencesFile = "differences.json", CrewFile = "crew.json";

    /// <summary>Space kept so that a run on a full disk can still say how it ended; gone once the run is over.</summary>
    internal const string ReserveFile = "reserve";

    /// <summary>Name of the machine that makes the load.</summary>
    private const string GeneratorsMachine = "local";

    private const int Format = RunManifest.CurrentFormat;
    private const int ReserveBytes = 16 * 1024;

    /// <summary>Creates the folder with plan and manifest, and opens its logs for appending.</summary>
    /// <exception cref="IOException">The folder can't be written, or already holds a run.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static RunWriter Create(string path, RunManifest manifest, string planText)
    {
        Directory.CreateDirectory(path);
        string[] files = [PlanFile, ManifestFile, IntervalsFile, HostsFile, EventsFile];
        if (files.FirstOrDefault(f => File.Exists(Path.Combine(path, f))) is { } found)
            throw new IOException($"'{path}' already holds a run ({found}). Choose another folder, or move that run away.");
        var opened = new Stack<IDisposable>();
        var made = new Stack<string>();
        try
        {
            // Whoever makes this file has the folder: two may get here at a time, and the later one must touch nothing.
            var intervals = Open(IntervalsFile);
            made.Push(ReserveFile);
            WriteReserve(path);
            var hosts = Open(HostsFile);
            var events = Open(EventsFile);
            Write(PlanFile, Encoding.UTF8.GetBytes(planText));
            // Last: with its manifest the folder becomes a run, and whoever sees it finds the rest in place.
            Write(ManifestFile, JsonSerializer.SerializeToUtf8Bytes(manifest, RecordJson.Manifest));
            return new RunWriter(path, manifest, intervals, hosts, events);
        }
        catch
        {
            while (opened.TryPop(out var log))
                log.Dispose();
            // Nothing of a run that never began stays in the way of the next try. What was made first, and claims the folder, goes last.
            while (made.TryPop(out var file))
                File.Delete(Path.Combine(path, file));
            throw;
        }

        LogWriter Open(string name)
        {
            var log = new LogWriter(Path.Combine(path, name));
            made.Push(name);
            opened.Push(log);
            return log;
        }

        void Write(string name, byte[] content)
        {
            made.Push(name);
            WholeFile.Write(Path.Combine(path, name), content);
        }
    }

    /// <summary>
    /// Goes on with a run whose process is gone: its logs are appended to behind their sound records, and its manifest names this process from now on.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="manifest">Its manifest, with this process in it.</param>
    /// <exception cref="IOException">The folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static RunWriter Resume(string path, RunManifest manifest)
    {
        var opened = new Stack<IDisposable>();
        try
        {
            var intervals = Open(IntervalsFile);
            var hosts = Open(HostsFile);
            var events = Open(EventsFile);
            WriteReserve(path);
            WholeFile.Write(Path.Combine(path, ManifestFile), JsonSerializer.SerializeToUtf8Bytes(manifest, RecordJson.Manifest));
            return new RunWriter(path, manifest, intervals, hosts, events);
        }
        catch
        {
            while (opened.TryPop(out var log))
                log.Dispose();
            throw;
        }

        LogWriter Open(string name)
        {
            var torn = LogReader.Read(path, name, _ => { });
            var log = new LogWriter(Path.Combine(path, name), torn?.BytesKept ?? new FileInfo(Path.Combine(path, name)).Length);
            opened.Push(log);
            return log;
        }
    }

    /// <summary>Reads what a coordinator wrote for its return; null when there is nothing.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="InvalidDataException">It is far too long.</exception>
    public static byte[]? ReadCrew(string path)
    {
        var file = new FileInfo(Path.Combine(path, CrewFile));
        if (!file.Exists)
            return null;
        return file.Length <= RenewedFile.MostBytes ? File.ReadAllBytes(file.FullName) : throw new InvalidDataException($"'{file.FullName}' is longer than {RenewedFile.MostBytes >> 20} MiB.");
    }

    /// <summary>Whether the folder holds a run.</summary>
    public static bool Exists(string path) => File.Exists(Path.Combine(path, ManifestFile));

    /// <summary>Reads only the manifest.</summary>
    /// <exception cref="InvalidDataException">Not a run folder, or one of a newer version.</exception>
    public static RunManifest ReadManifest(string path)
    {
        var file = Path.Combine(path, ManifestFile);
        if (!File.Exists(file))
            throw new InvalidDataException($"'{path}' is not a run folder: it has no {ManifestFile}.");
        RunManifest manifest;
        try
        {
            manifest = RecordJson.Read(File.ReadAllBytes(file), RecordJson.Manifest);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{file}' is not a run's manifest: {e.Message}", e);
        }
        if (manifest.Format > Format)
            throw new InvalidDataException($"'{file}' has format {manifest.Format}, this program reads up to {Format}. Update Pressure to at least {manifest.Version}.");
        return manifest;
    }

    /// <summary>
    /// Reads all of a run, also one that goes on or was interrupted. Torn tails are left out and said in <see cref="RunRecord.Recoveries"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">Not a run folder, or one of a newer version.</exception>
    public static RunRecord Read(string path)
    {
        var kept = new KeptHosts();
        var run = Read(path, _ => kept);
        return run with { Hosts = [.. kept.Samples.OrderBy(h => h.At)], Gc = [.. kept.Collections.OrderBy(g => g.At)] };
    }

    /// <summary>
    /// The same without keeping what was sampled, which of a long run over many hosts is more than fits into memory: it is handed on as it stands in
    /// the log, in order by host as a rule, but what came late after what came in time. <see cref="RunRecord.Hosts"/> has the generator's machine
    /// alone, without details; <see cref="RunRecord.Gc"/> is empty.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="taker">Who takes it, given all the rest of the run but the generator's samples.</param>
    /// <exception cref="InvalidDataException">Not a run folder, or one of a newer version.</exception>
    public static RunRecord Read(string path, Func<RunRecord, IHostSink> taker)
    {
        var manifest = ReadManifest(path);
        var intervals = new List<Interval>();
        var local = new List<HostSample>();
        var generator = new List<GeneratorSample>();
        var events = new List<TimelineEvent>();
        var noIntervals = LogReader.Read(path, IntervalsFile, payload => intervals.Add(ReadInterval(payload, manifest)));
        var noEvents = LogReader.Read(path, EventsFile, payload => events.Add(RecordJson.Read(payload, RecordJson.Events)));
        var run = new RunRecord
        {
            Manifest = manifest,
            PlanText = ReadPlan(path, out var noPlan),
            Intervals = [.. intervals.OrderBy(i => i.Second).ThenBy(i => i.Share)],
            Hosts = [],
            Generator = [],
            Events = [.. events.OrderBy(e => e.At)],
            Replay = RenewedFile.Read(path, ReplayFile, RecordJson.Replay, r => r.WhyUnsound(), out var noReplay),
            Differences = RenewedFile.Read(path, DifferencesFile, RecordJson.Differences, d => d.WhyUnsound(), out var noDifferences),
        };
        var sink = taker(run);
        var noHosts = LogReader.Read(path, HostsFile, payload =>
        {
            var entry = HostsEntry.Read(payload);
            if (entry.Generator is { } sample)
                generator.Add(sample);
            if (entry.Gc is { } collection)
                sink.Take(collection);
            if (entry.Host is not { } host)
                return;
            sink.Take(host);
            if (host.Host == GeneratorsMachine)
                local.Add(host with { Containers = null, Processes = null, PerCore = null, Interfaces = null, Disks = null, Tcp = null });
        });
        return run with
        {
            Hosts = [.. local.OrderBy(h => h.At)],
            Generator = [.. generator.OrderBy(g => g.At)],
            Recoveries = [.. new[] { noIntervals, noHosts, noEvents, noPlan, noReplay, noDifferences }.OfType<TornTail>()],
        };
    }

    /// <summary>Reads only the events, in order of time; those behind a damaged record are left out.</summary>
    /// <exception cref="InvalidDataException">Not a run folder.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static IReadOnlyList<TimelineEvent> ReadEvents(string path)
    {
        ReadManifest(path);
        var events = new List<TimelineEvent>();
        LogReader.Read(path, EventsFile, payload => events.Add(RecordJson.Read(payload, RecordJson.Events)));
        return [.. events.OrderBy(e => e.At)];
    }

    /// <summary>Whether the process that wrote the manifest is still running on this machine (process id and its start time).</summary>
    public static bool IsWriterAlive(RunManifest manifest) => new ProcessStamp(manifest.ProcessId, manifest.ProcessStart).IsAlive;

    /// <summary>Start time of a process for <see cref="RunManifest.ProcessStart"/>, in clock ticks since boot; null when there is no such process.</summary>
    public static long? ProcessStart(int processId) => ProcessStamp.StartOf(processId);

    private static void WriteReserve(string path)
    {
        var reserve = new byte[ReserveBytes];
        reserve.AsSpan().Fill((byte)'.');
        File.WriteAllBytes(Path.Combine(path, ReserveFile), reserve);
    }

    private static Interval ReadInterval(ReadOnlySpan<byte> payload, RunManifest manifest)
    {
        var interval = Interval.Decode(payload);
        return interval.Requests.Count == manifest.Requests.Count
            ? interval
            : throw new InvalidDataException($"The interval has {interval.Requests.Count} requests, the manifest {manifest.Requests.Count}.");
    }

    private static string ReadPlan(string path, out TornTail? missing)
    {
        var file = Path.Combine(path, PlanFile);
        missing = File.Exists(file) ? null : new TornTail(PlanFile, 0, 0) { Why = "the file is missing" };
        return missing is null ? File.ReadAllText(file) : "";
    }

    private sealed class KeptHosts : IHostSink
    {
        public List<HostSample> Samples { get; } = [];

        public List<GcEvent> Collections { get; } = [];

        public void Take(HostSample sample) => Samples.Add(sample);

        public void Take(GcEvent collection) => Collections.Add(collection);

        public void Tell(TimelineEvent what)
        {
        }
    }
}
