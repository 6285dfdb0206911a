using Pressure.TrafficCopy;

namespace Pressure.Web.Captures;

/// <summary>
/// Writes what an agent captures into a store, on a task of its own. Its file can be read at any time, also when this process is killed; a note beside it
/// says where the next one goes on.
/// </summary>
internal sealed class AgentRecording : IAsyncDisposable
{
    // Answers that do not stop coming must not fill the disk.
    private const long MostBytes = 64L << 30;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly AgentCaptureSource _source;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private RecordingNote _note;
    private CaptureWriter? _writer;
    private bool _isOver;

    private AgentRecording(AgentCaptureSource source, RecordingNote note, string folder, CaptureWriter? writer, TimeProvider time)
    {
        (_source, _note, _folder, _writer, _time) = (source, note, folder, writer, time);
        if (note.Stopping)
            _stop.Cancel();
        Ended = Task.Run(RunAsync);
    }

    /// <summary>When it began.</summary>
    public DateTimeOffset Begun => _note.Begun;

    /// <summary>The file's name.</summary>
    public string File => _note.File;

    /// <summary>How it goes on.</summary>
    public AgentCaptureSource Source => _source;

    /// <summary>How it ended.</summary>
    public Task<CaptureEnding> Ended { get; }

    /// <summary>Begins one.</summary>
    /// <exception cref="IOException">The file can't be written; the agent's capture ends by itself then.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; likewise.</exception>
    public static AgentRecording Begin(AgentCaptureSource source, string path, string? node, TimeProvider time)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var writer = new CaptureWriter(path, new() { Masked = source.Masked }, time);
        try
        {
            var note = new RecordingNote
            {
                Agent = source.Agent,
                Capture = source.Id,
                What = source.Latest.What,
                Masked = source.Masked,
                Lease = source.Lease.TotalSeconds,
                Begun = time.GetUtcNow(),
                File = Path.GetFileName(path),
                Node = node,
                Length = writer.Settle(),
            };
            note.Write(folder);
            return new(source, note, folder, writer, time);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with one whose service was killed.</summary>
    public static AgentRecording GoOn(RecordingNote note, string folder, AskAgent send, TimeProvider time) => new(AgentCaptureSource.GoOn(note, send, time), note, folder, null, time);

    /// <summary>Ends it; <see cref="Ended"/> follows when all has come.</summary>
    public void Stop()
    {
        _stop.Cancel();
        lock (_gate)
        {
            try
            {
                if (!_isOver)
                    (_note = _note with { Stopping = true }).Write(_folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It matters only if the service is killed before the next one.
            }
        }
    }

    /// <summary>Ends it at once; what has come is in the file. What has not is fetched by the service that starts next.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        // An agent that does not answer is not waited for.
        await Task.WhenAny(Ended, Task.Delay(TimeSpan.FromSeconds(5)));
        _writer?.Dispose();
    }

    private async Task<CaptureEnding> RunAsync()
    {
        try
        {
            var ending = await _source.RunAsync(new Bounded(this), Settle, _stop.Token);
            _writer?.Complete(ending.Outcome());
            End();
            return ending;
        }
        catch (ObjectDisposedException)
        {
            return Broken("The service ended.");
        }
        catch (FileNotFoundException)
        {
            End();
            return Broken("Its file is gone.");
        }
        catch (InvalidDataException e)
        {
            End();
            return Broken($"After the service was started anew it can't go on: {e.Message}. What was written before can be used.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Broken(e.Message);
        }
        finally
        {
            _writer?.Dispose();
        }
    }

    private CaptureEnding Broken(string why) => new(_source.Agent, why, IsWhole: false, _source.Exchanges, Account: null);

    private void Settle(long place)
    {
        // What a killed service had written behind the note is cut off only now that the agent is there to tell it once more.
        _writer ??= CaptureWriter.Continue(Path.Combine(_folder, File), _note.Length, time: _time);
        if (place == _note.Place)
            return;
        var length = _writer.Settle();
        lock (_gate)
            (_note = _note with { Place = place, Length = length, Exchanges = _source.Exchanges, Stopping = _stop.IsCancellationRequested }).Write(_folder);
    }

    private void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _note.Remove(_folder);
        }
    }

    private sealed class Bounded(AgentRecording recording) : IExchangeSink
    {
        public void Take(CapturedExchange exchange)
        {
            if (recording._source.Bytes > MostBytes)
                recording._stop.Cancel();
            recording._writer!.Take(exchange);
        }

        public void EndConnection(long connection, long at) => recording._writer!.EndConnection(connection, at);
    }
}
