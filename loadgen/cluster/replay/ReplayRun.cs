using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A replay in one run: what is sent, and the files that tell of it in the run folder.</summary>
internal sealed class ReplayRun : IDisposable
{
    private const int SecondsBetween = 5;

    private readonly PreparedReplay _prepared;
    private readonly RunWriter _writer;
    private readonly ReplayComparing? _comparing;
    private readonly Action<ReplayAccount>? _tell;

    private ReplayRun(PreparedReplay prepared, RunManifest manifest, RunWriter writer, RunClock? clock, TimeProvider time, Action<ReplayAccount>? tell = null)
    {
        (_prepared, _writer, _tell) = (prepared, writer, tell);
        _comparing = prepared.Comparing(manifest.Requests, time);
        Source = prepared.Source(clock, time, _comparing);
    }

    /// <summary>What is sent.</summary>
    public ReplaySource Source { get; }

    /// <summary>Why captures could not be read to their end; null while they can.</summary>
    public string? Failure => Source.Failure is { } why ? $"the captures can't be read: {why.Message}" : null;

    /// <summary>What of damaged captures could not be read; null when nothing was lost.</summary>
    public string? Lost => _prepared.Lost is > 0 and var lost ? $"{lost:N0} requests of captures could not be read, since the files are damaged where they are" : null;

    /// <summary>The replay of a run; null if it is none.</summary>
    public static ReplayRun? Of(RunRequest request, RunManifest manifest, RunWriter writer, RunClock clock, TimeProvider time) =>
        request.Captures is { } prepared ? new(prepared, manifest, writer, clock, time) : null;

    /// <summary>What has changed at sources whose traffic is replayed while it passes.</summary>
    public IEnumerable<TimelineEvent> Look(TimeSpan at) => Source.Watch?.Look(at) ?? [];

    /// <summary>One share of a replay, told of in a run folder of its own.</summary>
    /// <param name="prepared">Its captures, opened.</param>
    /// <param name="writer">Of the folder.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="time">Tells the time of day.</param>
    /// <param name="tell">Is given the share's account whenever the folder is renewed; may throw as that does.</param>
    public static ReplayRun Of(PreparedReplay prepared, RunWriter writer, RunClock clock, TimeProvider time, Action<ReplayAccount> tell) => new(prepared, writer.Manifest, writer, clock, time, tell);

    /// <summary>A second is over: now and then what is known so far is kept.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Take(Interval second)
    {
        if (second.Second % SecondsBetween == SecondsBetween - 1)
            Write(isLast: false);
    }

    /// <summary>The load is over, lanes have ended: what became of all is kept.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void End(TimeSpan at)
    {
        Source.End(at);
        _comparing?.Finish();
        Write(isLast: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Source.Dispose();
        _comparing?.Dispose();
        _prepared.Dispose();
    }

    private void Write(bool isLast)
    {
        _writer.Write(Source.Account());
        if (_comparing is not null)
            _writer.Write(_comparing.Snapshot());
        // Differences are many, and worth most when all are there.
        _tell?.Invoke(Source.Tell() with { Differences = isLast ? _comparing?.Account() : null });
    }
}
