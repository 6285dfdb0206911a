using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>A worker's own record of a share: a run folder like any other.</summary>
internal sealed class ShareRecord : IDisposable
{
    private readonly RunWriter _writer;
    private readonly GeneratorMeter _meter;
    private readonly string _worker;

    private ShareRecord(RunWriter writer, RunClock clock, string worker) => (_writer, _meter, _worker) = (writer, new(clock), worker);

    /// <summary>The run folder.</summary>
    public string Folder => _writer.Path;

    /// <summary>The folder's writer.</summary>
    public RunWriter Writer => _writer;

    /// <summary>Begins the record of a share.</summary>
    /// <exception cref="IOException">It can't be written, or is there already.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public static ShareRecord Begin(string folder, RunManifest manifest, string plan, RunClock clock, string worker, HeldShare held)
    {
        var own = manifest with { StartedAt = clock.StartedAt, ProcessId = Environment.ProcessId, ProcessStart = RunFolder.ProcessStart(Environment.ProcessId) ?? 0 };
        var writer = RunFolder.Create(folder, own, plan);
        try
        {
            ShareNote.Write(folder, new(manifest.Id, held.Share, held.Epoch));
            return new(writer, clock, worker);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Appends a closed second; with its interval it is whole, so that comes last.</summary>
    /// <exception cref="IOException">The disk is full or gone: the second is not recorded, and so is not delivered.</exception>
    public void Append(EngineSecond second)
    {
        var sample = _meter.Sample(second) with { Worker = _worker };
        foreach (var feed in second.UsedUp)
            _writer.Append(new TimelineEvent.DataUsedUp(sample.At, feed.Name, feed.Rows));
        _writer.Append(sample);
        _writer.Append(second.Interval);
    }

    /// <summary>Notes how it ended, if there is any room left, and closes it.</summary>
    public void End(ShareEnded ended)
    {
        try
        {
            _writer.FreeReserve();
            if (ended.Failure is { } why)
                _writer.Append(new TimelineEvent.RunFailed(ended.Until, why));
            _writer.Append(new TimelineEvent.LoadEnded(ended.Until));
            _writer.Append(new TimelineEvent.RunEnded(ended.Until));
            ShareNote.Write(Folder, new(_writer.Manifest.Id, ended.Share, ended.Epoch) { Ended = ended });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The seconds are there, and the coordinator is told how it ended; what is missing is a line in this worker's own copy.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // Every second that was delivered has been read back from there.
        }
    }
}
