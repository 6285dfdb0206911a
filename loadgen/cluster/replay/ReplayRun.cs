using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A replay in one run: what is sent, and the files that tell of it in the run folder.</summary>
internal sealed class ReplayRun : IDisposable
{
    private const int SecondsBetween = 5;

    private readonly PreparedReplay _prepared;
    private readonly RunWriter _writer;
    private readonly ReplayComparing? _comparing;

    private ReplayRun(PreparedReplay prepared, RunManifest manifest, RunWriter writer, RunClock clock, TimeProvider time)
    {
        (_prepared, _writer) = (prepared, writer);
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

    /// <summary>The replay of opened captures, told of in a run folder.</summary>
    public static ReplayRun Of(PreparedReplay prepared, RunWriter writer, RunClock clock, TimeProvider time) => new(prepared, writer.Manifest, writer, clock, time);

    /// <summary>A second is over: now and then what is known so far is kept.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Take(Interval second)
    {
        if (second.Second % SecondsBetween == SecondsBetween - 1)
            Write();
    }

    /// <summary>The load is over, lanes have ended: what became of all is kept.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void End(TimeSpan at)
    {
        Source.End(at);
        _comparing?.Finish();
        Write();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Source.Dispose();
        _comparing?.Dispose();
        _prepared.Dispose();
    }

    private void Write()
    {
        _writer.Write(Source.Account());
        if (_comparing is not null)
            _writer.Write(_comparing.Snapshot());
    }
}
