using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>A drill whose service went down before its end, in a folder that is now this one's: brings its record to an end that says why.</summary>
public sealed class LeftDrill : IChaosTimeline, IDisposable
{
    private readonly RunWriter _writer;
    private readonly DrillFile _file;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private bool _isClosed;

    private LeftDrill(string folder, DrillFile file, RunManifest manifest, TimeProvider time)
    {
        (_file, _time, Folder) = (file, time, folder);
        Left = LeftChaos.Of([.. RunFolder.ReadEvents(folder)]);
        Clock = new RunClock(time, manifest.StartedAt - time.GetUtcNow());
        _writer = RunFolder.Resume(folder, manifest with { ProcessId = Environment.ProcessId, ProcessStart = RunFolder.ProcessStart(Environment.ProcessId) ?? 0 });
    }

    /// <summary>What it left.</summary>
    public LeftChaos Left { get; }

    /// <inheritdoc/>
    public RunClock Clock { get; }

    /// <inheritdoc/>
    public string Folder { get; }

    /// <summary>Takes it up; null if the folder holds no drill, or one that came to its end.</summary>
    /// <exception cref="IOException">The folder can't be read or written.</exception>
    /// <exception cref="InvalidDataException">The record can't be read.</exception>
    public static LeftDrill? Open(string folder, TimeProvider time) =>
        DrillFile.TryRead(folder) is { End: null } file ? new(folder, file, RunFolder.ReadManifest(folder), time) : null;

    /// <inheritdoc/>
    public void Tell(TimelineEvent what)
    {
        lock (_gate)
            _writer.Append(what);
    }

    /// <summary>Tells why it ended, and closes it.</summary>
    /// <param name="why">An English clause.</param>
    /// <param name="left">What is not undone.</param>
    public DrillEnd Close(string why, IReadOnlyList<string> left)
    {
        var end = new DrillEnd(_time.GetUtcNow(), ExperimentStatus.Aborted, Deviated: false, left.Count > 0 ? 4 : 99, left, []) { Why = why };
        Tell(new TimelineEvent.RunFailed(Clock.Now, why));
        Tell(new TimelineEvent.RunEnded(Clock.Now));
        (_file with { End = end }).TryWrite(Folder);
        return end;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Closed before reports are made of it, and by its owner's end once more.
        if (!_isClosed)
            _writer.Dispose();
        _isClosed = true;
    }
}
